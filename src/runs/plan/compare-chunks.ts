import { fromRanges } from "../../results/number-ranges.ts";
import { decodeBlock, type BlockEntry } from "./input-block.ts";
import type { RunDifference } from "./run-conflict-error.ts";

/** The first input that differs between a planned chunk and one of the inputs that are given now. */
export function compareBlocks(
  planned: Uint8Array | undefined,
  given: Uint8Array | undefined,
): RunDifference {
  const before = entriesOf(planned);
  const now = entriesOf(given);
  const indexes = [...new Set([...before.keys(), ...now.keys()])].sort((a, b) => a - b);
  const index = indexes.find((each) => !isSame(before.get(each), now.get(each)));
  if (index === undefined) return { field: "inputs", planned: before.size, given: now.size };
  return { field: `inputs[${index}]`, planned: before.get(index), given: now.get(index) };
}

function entriesOf(block: Uint8Array | undefined): Map<number, BlockEntry | undefined> {
  if (block === undefined) return new Map();
  const { numbers, entries } = decodeBlock(block);
  return new Map(fromRanges(numbers).map((index, position) => [index, entries[position]]));
}

function isSame(a: BlockEntry | undefined, b: BlockEntry | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
