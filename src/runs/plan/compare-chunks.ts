import type { RunDifference } from "../../errors/index.ts";
import { fromRanges } from "../../results/number-ranges.ts";
import type { NewChunk } from "../journal/chunk-writes.ts";
import type { Journal } from "../journal/journal.ts";
import type { ChunkKind, RunKey } from "../journal/run-record.ts";
import { decodeBlock, type BlockEntry } from "./input-block.ts";

/** An input with how it is sent. */
interface PlacedEntry {
  readonly kind: ChunkKind;
  readonly entry: BlockEntry | undefined;
}

/** The first input that differs between a planned chunk and the one that is given in its place; either may be lacking. */
export async function compareChunks(
  journal: Journal,
  place: { readonly run: RunKey; readonly number: number },
  given: NewChunk | undefined,
): Promise<RunDifference> {
  const { run } = place;
  const now = entriesOf(given?.block);
  const before = entriesOf(await journal.readBlock(place));
  const kind = (await journal.readChunk(place))?.chunk.kind ?? "image";
  if (given !== undefined) {
    for (const [index, entry] of now) {
      // An input that is not in this chunk of the plan may be in another.
      const planned = before.has(index)
        ? { kind, entry: before.get(index) }
        : await findPlanned(journal, run, index);
      const difference = compareEntries(index, planned, { kind: given.kind, entry });
      if (difference !== undefined) return difference;
    }
  }
  for (const [index, planned] of before) {
    if (now.has(index)) continue;
    const isPassedOver = given !== undefined && index < given.last;
    if (!isPassedOver) return { field: `inputs[${index}]`, planned, given: undefined };
    const kinds = { planned: given.kind, given: given.kind === "image" ? "file" : "image" };
    return { field: `inputs[${index}].kind`, ...kinds };
  }
  return { field: "inputs", planned: before.size, given: now.size };
}

function compareEntries(
  index: number,
  planned: PlacedEntry | undefined,
  given: PlacedEntry,
): RunDifference | undefined {
  const field = `inputs[${index}]`;
  if (JSON.stringify(planned?.entry) !== JSON.stringify(given.entry)) {
    return { field, planned: planned?.entry, given: given.entry };
  }
  if (planned?.kind === given.kind) return undefined;
  return { field: `${field}.kind`, planned: planned?.kind, given: given.kind };
}

async function findPlanned(
  journal: Journal,
  run: RunKey,
  index: number,
): Promise<PlacedEntry | undefined> {
  for (const { chunk } of await journal.listChunks({ run, input: index, limit: 10 })) {
    const entries = entriesOf(await journal.readBlock(chunk));
    if (entries.has(index)) return { kind: chunk.kind, entry: entries.get(index) };
  }
  return undefined;
}

function entriesOf(block: Uint8Array | undefined): ReadonlyMap<number, BlockEntry | undefined> {
  if (block === undefined) return new Map();
  const { numbers, entries } = decodeBlock(block);
  return new Map(fromRanges(numbers).map((index, position) => [index, entries[position]]));
}
