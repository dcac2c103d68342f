import { VisionBatchError } from "../../errors/index.ts";
import type { RunInput, RunInputs } from "./run-input.ts";

/**
 * Inputs whose iterator was asked for at once: what has begun to come by itself, as the lines of a
 * `readline` interface, waits for whoever has asked and is lost before. An iterator that was made for this
 * and never read is closed in the end; what is its own iterator, as a generator, stays as it is.
 */
export class TakenInputs implements Disposable {
  readonly inputs: RunInputs;
  #unread: AsyncIterator<RunInput> | undefined;

  /** @throws VisionBatchError where inputs are lost already. */
  constructor(given: RunInputs) {
    this.inputs = given;
    if (!(Symbol.asyncIterator in given)) return;
    refuseLost(given);
    const iterator = given[Symbol.asyncIterator]();
    if ((iterator as unknown) !== given) this.#unread = iterator;
    this.inputs = {
      [Symbol.asyncIterator]: () => {
        this.#unread = undefined;
        return iterator;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#close().catch(() => undefined);
  }

  /** Also what it throws at once is told by its promise: it would hide why nothing was read. */
  async #close(): Promise<void> {
    await this.#unread?.return?.();
  }
}

/** What is looked at of a `readline` interface, of which there are several classes. */
interface LineReader {
  readonly line?: string;
  readonly closed?: boolean;
  readonly input?: {
    readonly bytesRead?: number;
    readonly _readableState?: { readonly resumeScheduled?: boolean };
  };
  readonly listenerCount?: (event: string) => number;
}

/** Lines that came while nobody listened are gone: a run would wait for ever, or lack the first of them. */
function refuseLost(given: object): void {
  const { line, closed = false, input, listenerCount } = given as LineReader;
  const isReader = typeof line === "string" && input !== undefined && listenerCount !== undefined;
  if (!isReader || listenerCount.call(given, "line") > 0) return;
  // What was read before the reader was made, as the answer to a question, is no line of its.
  const hasBegun = input._readableState?.resumeScheduled !== true && (input.bytesRead ?? 0) > 0;
  if (!closed && !hasBegun) return;
  throw new VisionBatchError(
    "the lines of the inputs were read while nobody took them, and are lost: make the readline interface right before the run is started, with no await between",
  );
}
