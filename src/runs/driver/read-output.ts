import { errorFromJson } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { MissingRecord, ResultRecord } from "../../results/index.ts";
import type { AttemptRecord } from "../journal/chunk-record.ts";
import { decodeInputs } from "../plan/input-block.ts";
import type { Evidence } from "../steps/index.ts";
import { collectChunk } from "./collect-chunk.ts";
import type { DriverParts } from "./driver-parts.ts";
import { readHeldBlock } from "./held-block.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { LiveChunk, LiveReader } from "./live-results.ts";
import { listOutput } from "./output-listing.ts";

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

/** A reading of a chunk's output whose records go to whoever reads the run's results, until it is known what they are worth. */
export class OutputReading {
  readonly #held: HeldChunk;
  readonly #live: LiveChunk | undefined;
  /** Told last: what is missing now may still be found. */
  readonly #missing: MissingRecord[] = [];

  private constructor(held: HeldChunk, live: LiveChunk | undefined) {
    this.#held = held;
    this.#live = live;
  }

  /** Reads the output of an attempt, wholly for somebody who reads the results, else what tells the statuses. */
  static async read(
    held: HeldChunk,
    attempt: AttemptRecord,
    parts: DriverParts & { readonly signal: AbortSignal; readonly reader: LiveReader | undefined },
  ): Promise<{ readonly evidence: Evidence; readonly reading: OutputReading | undefined }> {
    const { kind } = held.current.chunk;
    const { prefix } = attempt;
    const { store, version, signal, journal, reader } = parts;
    const block = await readHeldBlock(held, journal);
    if (block === undefined) return { evidence: { type: "due" }, reading: undefined };
    const inputs = decodeInputs(kind, block);
    let reading: OutputReading | undefined;
    try {
      const { shards } = await listOutput(store, { prefix, kind, signal });
      const chunk = reader?.open(held.claim, { inputs, signal });
      const opened = new OutputReading(held, chunk);
      reading = opened;
      const readMask = chunk === undefined ? statusOnly : reader?.readMask;
      const source = { store, version, kind, inputs, prefix, readMask, signal };
      const onRecords = chunk === undefined ? undefined : opened.#take.bind(opened, chunk);
      const collected = await collectChunk(source, onRecords);
      return { evidence: { type: "outputRead", shards, ...collected }, reading };
    } catch (error) {
      return { evidence: { type: "outputUnread", error: error as Error }, reading };
    }
  }

  /** The chunk has ended with what was read. */
  async keep(): Promise<void> {
    if (this.#live === undefined) return;
    const { error } = this.#held.current.chunk;
    const reason = error === undefined ? {} : { error: errorFromJson(error) };
    await this.#live.put(this.#missing.map((record) => ({ ...record, ...reason })));
    this.#live.end(true);
  }

  /** The chunk has not ended with it. */
  drop(): void {
    this.#live?.end(false);
  }

  async #take(chunk: LiveChunk, records: readonly ResultRecord<ApiVersion>[]): Promise<void> {
    this.#missing.push(...records.filter((record) => record.status === "missing"));
    await chunk.put(records.filter((record) => record.status !== "missing"));
  }
}
