import { setImmediate as nextTurn } from "node:timers/promises";
import { InvalidRequestError, type RequestProblem } from "../../errors/index.ts";
import { abortable } from "../../transport/abortable.ts";
import type { NewChunk } from "../journal/chunk-writes.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { ChunkBuilder } from "./chunk-builder.ts";
import { resolveChunkSizes, type ChunkSizes } from "./chunk-sizes.ts";
import { InputChecker } from "./input-checker.ts";
import type { RunInput, RunInputs } from "./run-input.ts";

/** Options of {@link chunkInputs}. */
export interface ChunkInputsOptions extends ChunkSizes {
  /** What the inputs are of, for errors, e.g. `run "scans"`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

/** Problems after which no more are looked for. */
const maxProblems = 100;
/** Inputs between two turns of the event loop. */
const inputsPerTurn = 2000;

/**
 * Cuts inputs into chunks as they come, images and files apart: a chunk is yielded when it is full, the
 * rest at the end. The same inputs make the same chunks. No more than two chunks are held at a time, and
 * nothing is read ahead.
 * @throws {@link InvalidRequestError} for inputs that cannot be sent, once all were looked at or a hundred
 * were found; no chunk is yielded after the first of them.
 */
export async function* chunkInputs(
  inputs: RunInputs,
  options: ChunkInputsOptions,
): AsyncGenerator<NewChunk, void, undefined> {
  const { signal, what } = options;
  const cutter = new ChunkCutter(options);
  const chunks =
    Symbol.asyncIterator in inputs ? cutAsync(inputs, cutter, signal) : cutSync(inputs, cutter);
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    if (chunk !== undefined) yield chunk;
    else await cutter.pause();
  }
  signal?.throwIfAborted();
  if (cutter.problems.length > 0) throw new InvalidRequestError(what, cutter.problems);
  yield* cutter.rest();
}

/** Yields chunks, and from time to time nothing. A loop that does not wait, for it makes less garbage. */
function* cutSync(
  inputs: Iterable<RunInput>,
  cutter: ChunkCutter,
): Generator<NewChunk | undefined> {
  for (const input of inputs) {
    const chunk = cutter.add(input);
    if (chunk !== undefined) yield chunk;
    if (cutter.isAtPause) yield undefined;
    if (cutter.isHopeless) return;
  }
}

/** The same of inputs that are waited for; an abort is not, whatever the source does. */
async function* cutAsync(
  inputs: AsyncIterable<RunInput>,
  cutter: ChunkCutter,
  signal: AbortSignal | undefined,
): AsyncGenerator<NewChunk | undefined> {
  const iterator = inputs[Symbol.asyncIterator]();
  let isOpen = true;
  try {
    while (isOpen) {
      isOpen = false;
      const { chunk, isAtEnd } = await abortable(fill(iterator, cutter), signal);
      isOpen = !isAtEnd;
      if (cutter.isHopeless) return;
      yield chunk;
    }
  } finally {
    // One that has ended or failed has closed itself; one that never answers must not hold up an abort.
    if (isOpen) await iterator.return?.();
    else if (signal?.aborted === true) iterator.return?.().catch(() => undefined);
  }
}

/** Takes inputs until there is something to do. A loop of its own, so that an input costs one promise. */
async function fill(
  iterator: AsyncIterator<RunInput>,
  cutter: ChunkCutter,
): Promise<{ readonly chunk: NewChunk | undefined; readonly isAtEnd: boolean }> {
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return { chunk: undefined, isAtEnd: true };
    const chunk = cutter.add(next.value);
    const isBreak = chunk !== undefined || cutter.isHopeless || cutter.isAtPause;
    if (isBreak) return { chunk, isAtEnd: false };
  }
}

/** Checks inputs, sorts them by kind and cuts each kind at its size. */
class ChunkCutter {
  readonly #checker = new InputChecker();
  readonly #builders: Readonly<Record<ChunkKind, ChunkBuilder>>;
  #inputs = 0;
  #pauseAt = inputsPerTurn;
  #chunks = 0;

  constructor(sizes: ChunkSizes) {
    const { imagesPerChunk, filesPerChunk } = resolveChunkSizes(sizes);
    this.#builders = {
      image: new ChunkBuilder("image", imagesPerChunk),
      file: new ChunkBuilder("file", filesPerChunk),
    };
  }

  get problems(): readonly RequestProblem[] {
    return this.#checker.problems;
  }

  /** Whether it is time for others to have a turn. */
  get isAtPause(): boolean {
    return this.#inputs >= this.#pauseAt;
  }

  /** Gives timers and signals a turn, which inputs that need not be waited for do not. */
  async pause(): Promise<void> {
    this.#pauseAt = this.#inputs + inputsPerTurn;
    await nextTurn();
  }

  /** Whether enough is wrong to look no further. */
  get isHopeless(): boolean {
    return this.problems.length >= maxProblems;
  }

  /** Adds an input; the chunk that it fills, unless something is wrong with any input so far. */
  add(input: RunInput): NewChunk | undefined {
    const index = this.#inputs++;
    const checked = this.#checker.check(input, index);
    if (checked === undefined || this.problems.length > 0) return undefined;
    const builder = this.#builders[checked.kind];
    return builder.add(checked.entry, index) ? this.#take(builder) : undefined;
  }

  /** What is left at the end: images first. */
  *rest(): Generator<NewChunk, void, undefined> {
    for (const builder of [this.#builders.image, this.#builders.file]) {
      const chunk = this.#take(builder);
      if (chunk !== undefined) yield chunk;
    }
  }

  #take(builder: ChunkBuilder): NewChunk | undefined {
    const chunk = builder.take(this.#chunks);
    if (chunk !== undefined) this.#chunks++;
    return chunk;
  }
}
