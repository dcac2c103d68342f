import { errorFromJson } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { MissingRecord, ResultRecord } from "../../results/index.ts";
import type { AttemptRecord } from "../journal/chunk-record.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { JsonData } from "../journal/run-record.ts";
import { BlockInputs } from "../plan/block-inputs.ts";
import type { Evidence } from "../steps/index.ts";
import { collectChunk } from "./collect-chunk.ts";
import type { DriverParts } from "./driver-parts.ts";
import { readHeldBlock } from "./held-block.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { LiveChunk, LiveReader } from "./live-results.ts";
import { listOutput } from "./output-listing.ts";
import type { SinkChunk } from "./record-sink.ts";

/** Nothing but what tells what became of an input; `context` and `error` are read in any case. */
const statusOnly = "error";

/** Counts the shards of an attempt. */
export async function lookForOutput(
  held: HeldChunk,
  { prefix }: AttemptRecord,
  { store, signal }: Pick<DriverParts, "store"> & { readonly signal: AbortSignal },
): Promise<Evidence> {
  try {
    const { kind } = held.current.chunk;
    const { shards } = await listOutput(store, { prefix, kind, signal });
    return { type: "outputListed", shards };
  } catch (error) {
    return { type: "outputUnread", error: error as Error };
  }
}

/** A reading of a chunk's output whose records go to whoever takes them, until it is known what they are worth. */
export class OutputReading {
  readonly #live: LiveChunk | undefined;
  readonly #sink: SinkChunk | undefined;
  /** Told last: what is missing now may still be found. */
  readonly #missing: MissingRecord[] = [];

  private constructor(live: LiveChunk | undefined, sink: SinkChunk | undefined) {
    this.#live = live;
    this.#sink = sink;
  }

  /** Reads the output of an attempt, wholly for somebody who takes the records, else what tells the statuses. */
  static async read(
    held: HeldChunk,
    attempt: AttemptRecord,
    parts: DriverParts & { readonly signal: AbortSignal; readonly reader: LiveReader | undefined },
  ): Promise<{ readonly evidence: Evidence; readonly reading: OutputReading | undefined }> {
    const { kind } = held.current.chunk;
    const { prefix } = attempt;
    const { store, version, signal, journal, reader, sink } = parts;
    const block = await readHeldBlock(held, journal);
    if (block === undefined) return { evidence: { type: "due" }, reading: undefined };
    const inputs = new BlockInputs(kind, block);
    let reading: OutputReading | undefined;
    try {
      const { shards, inputs: found } = await listOutput(store, { prefix, kind, signal });
      const live = reader?.open(held.claim, { inputs, signal });
      // What is not whole yet is mostly read once more.
      const isWhole = found >= inputs.length;
      const taken = isWhole ? sink?.open(held, { inputs, signal }) : undefined;
      const opened = new OutputReading(live, taken);
      reading = opened;
      const readMask = taken === undefined ? maskOf(live, reader) : undefined;
      const source = { store, version, kind, inputs, prefix, readMask, signal };
      const collected = await collectChunk(source, opened.#onRecords());
      return { evidence: { type: "outputRead", shards, ...collected }, reading };
    } catch (error) {
      return { evidence: { type: "outputUnread", error: error as Error }, reading };
    }
  }

  /** Writes the step that ends the chunk with what was read, along with what a sink has taken of it. */
  async write(step: ChunkStep, write: (step: ChunkStep) => Promise<boolean>): Promise<boolean> {
    if (this.#sink === undefined) return write(step);
    await this.#sink.put(this.#lacking(step.progress.error));
    return this.#sink.end(step, write);
  }

  /** The chunk has ended with what was read, and for this reason. */
  async keep(error: JsonData | undefined): Promise<void> {
    await this.#live?.put(this.#lacking(error));
    this.#live?.end(true);
  }

  /** The chunk has not ended with it. */
  async drop(): Promise<void> {
    this.#live?.end(false);
    await this.#sink?.drop();
  }

  #lacking(error: JsonData | undefined): readonly MissingRecord[] {
    const reason = error === undefined ? {} : { error: errorFromJson(error) };
    return this.#missing.map((record) => ({ ...record, ...reason }));
  }

  #onRecords(): ((records: readonly ResultRecord<ApiVersion>[]) => Promise<void>) | undefined {
    const takers = [this.#live, this.#sink].filter((taker) => taker !== undefined);
    if (takers.length === 0) return undefined;
    return async (records) => {
      this.#missing.push(...records.filter((record) => record.status === "missing"));
      const found = records.filter((record) => record.status !== "missing");
      await Promise.all(takers.map((taker) => taker.put(found)));
    };
  }
}

function maskOf(live: LiveChunk | undefined, reader: LiveReader | undefined) {
  return live === undefined ? statusOnly : reader?.readMask;
}
