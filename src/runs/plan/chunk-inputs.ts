import { setImmediate as nextTurn } from "node:timers/promises";
import { InvalidRequestError, type RequestProblem } from "../../errors/index.ts";
import type { NewChunk } from "../journal/chunk-writes.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { abortable } from "./abortable-iterator.ts";
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
  const source = Symbol.asyncIterator in inputs ? abortable(inputs, signal) : inputs;
  for await (const input of source) {
    const chunk = cutter.add(input);
    if (chunk !== undefined) yield chunk;
    if (cutter.problems.length >= maxProblems) break;
    if (cutter.inputs % inputsPerTurn !== 0) continue;
    // What need not be waited for gives neither timers nor signals a turn.
    await nextTurn();
    signal?.throwIfAborted();
  }
  if (cutter.problems.length > 0) throw new InvalidRequestError(what, cutter.problems);
  signal?.throwIfAborted();
  yield* cutter.rest();
}

/** Checks inputs, sorts them by kind and cuts each kind at its size. */
class ChunkCutter {
  /** Inputs so far. */
  inputs = 0;
  readonly #checker = new InputChecker();
  readonly #builders: Readonly<Record<ChunkKind, ChunkBuilder>>;
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

  /** Adds an input; the chunk that it fills, unless something is wrong with any input so far. */
  add(input: RunInput): NewChunk | undefined {
    const index = this.inputs++;
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
