import { fromRanges } from "../results/number-ranges.ts";
import { filePrefix } from "./driver/chunk-request.ts";
import { inputStatuses, type ChunkRecord, type InputStatus } from "./journal/chunk-record.ts";
import type { Journal } from "./journal/journal.ts";
import type { RunRecord } from "./journal/run-record.ts";
import { decodeBlock, decodeInputs } from "./plan/input-block.ts";
import type { PlannedInput } from "./plan/run-input.ts";
import { statusCodes } from "./steps/index.ts";

/** An input in a chunk that sends it. */
export interface InputPlace {
  /** The input as it was planned. */
  readonly input: PlannedInput;
  /** The chunk that it is in. */
  readonly chunk: ChunkRecord;
  /** From 0, in the request. */
  readonly position: number;
  /** What became of it there; absent until the chunk has ended. */
  readonly status?: InputStatus;
  /** Where its results stand, unless nothing of the chunk was ever accepted. */
  readonly prefix?: string;
}

const listedAtOnce = 100;

/** The number of the first input of a run, chunk by chunk, that has this URI or custom id. */
export async function findInput(
  journal: Journal,
  { key, chunks }: RunRecord,
  name: string,
): Promise<number | undefined> {
  // As blocks write it: most of them are passed over without being decoded.
  const needle = Buffer.from(JSON.stringify(name));
  for (let number = 0; number < chunks; number++) {
    const block = await journal.readBlock({ run: key, number });
    if (block === undefined || !contains(block, needle)) continue;
    const { numbers, entries } = decodeBlock(block);
    const position = entries.findIndex((entry) =>
      typeof entry === "string" ? entry === name : entry[0] === name || entry[1] === name,
    );
    if (position >= 0) return fromRanges(numbers)[position];
  }
  return undefined;
}

function contains({ buffer, byteOffset, byteLength }: Uint8Array, needle: Buffer): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes(needle);
}

/** The chunks that an input is in, one after another: a later one sent it again. */
export async function* inputPlaces(
  journal: Journal,
  { key: run }: RunRecord,
  index: number,
): AsyncGenerator<InputPlace, void, void> {
  for (let after = -1; ;) {
    const page = await journal.listChunks({ run, input: index, after, limit: listedAtOnce });
    for (const { chunk, attempt } of page) {
      after = chunk.number;
      const block = await journal.readBlock(chunk);
      const inputs = block === undefined ? [] : decodeInputs(chunk.kind, block);
      const position = inputs.findIndex((each) => each.index === index);
      const input = inputs[position];
      if (input === undefined) continue;
      const outcome = await journal.readOutcome(chunk);
      const code = outcome === undefined ? undefined : statusCodes(outcome)[position];
      const status = code === undefined ? undefined : inputStatuses[code];
      const isSent = attempt !== undefined && attempt.outcome !== "rejected";
      yield {
        ...{ input, chunk, position },
        ...(status === undefined ? {} : { status }),
        ...(isSent ? { prefix: prefixOf(chunk, attempt.prefix, position) } : {}),
      };
    }
    if (page.length < listedAtOnce) return;
  }
}

function prefixOf({ kind }: ChunkRecord, prefix: string, position: number): string {
  return kind === "file" ? filePrefix(prefix, position) : prefix;
}
