import { chaosInputs } from "../inputs.ts";
import type { ChunkEvidence, Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

/** Every input ends in exactly one status, and all counts add up. */
export function checkInputs(evidence: Evidence): readonly Violation[] {
  return [...toldOnce(evidence), ...totals(evidence), ...chunkCounts(evidence)];
}

/** Where each input is told of: the last chunk that it was put into, and its place there. */
export function placesOf(
  chunks: readonly ChunkEvidence[],
): ReadonlyMap<number, { readonly chunk: ChunkEvidence; readonly place: number }> {
  const places = new Map<number, { readonly chunk: ChunkEvidence; readonly place: number }>();
  for (const chunk of chunks) {
    for (const [place, { index }] of chunk.inputs.entries()) places.set(index, { chunk, place });
  }
  return places;
}

function toldOnce({ images, records }: Evidence): Violation[] {
  const invariant = "every input is told of once";
  const problems: Violation[] = [];
  const byIndex = new Map(records.map((record) => [record.index, record]));
  if (records.length !== images) {
    problems.push({ invariant, message: `${records.length} records of ${images} inputs` });
  }
  let index = 0;
  for (const { uri, customId } of chaosInputs(images)) {
    const record = byIndex.get(index);
    if (record?.uri !== uri || record.customId !== customId) {
      problems.push({
        invariant,
        message: `input ${index} is told of as ${JSON.stringify(record)}`,
      });
    }
    index++;
  }
  return problems.slice(0, 5);
}

function totals({ images, snapshot, records }: Evidence): Violation[] {
  const invariant = "counts add up to the inputs";
  const { total, open, ...statuses } = snapshot.inputs;
  const problems: Violation[] = [];
  const sum = Object.values(statuses).reduce((so, count) => so + count, open);
  if (total !== images || open !== 0 || sum !== images) {
    problems.push({ invariant, message: JSON.stringify(snapshot.inputs) });
  }
  const told: Record<string, number> = {};
  for (const { status } of records) told[status] = (told[status] ?? 0) + 1;
  for (const [status, count] of Object.entries(statuses)) {
    if (count === (told[status] ?? 0)) continue;
    problems.push({
      invariant,
      message: `${count} ${status}, in the results ${told[status] ?? 0}`,
    });
  }
  return problems;
}

function chunkCounts({ chunks, records }: Evidence): Violation[] {
  const places = placesOf(chunks);
  const told = new Map<number, Record<string, number>>();
  for (const { chunk } of chunks) told.set(chunk.number, {});
  const count = (number: number | undefined, status: string): void => {
    const counts = told.get(number ?? -1);
    if (counts !== undefined) counts[status] = (counts[status] ?? 0) + 1;
  };
  for (const { index, status } of records) count(places.get(index)?.chunk.chunk.number, status);
  for (const { chunk, inputs } of chunks) {
    for (const { index } of inputs) {
      if (places.get(index)?.chunk.chunk !== chunk) count(chunk.number, "retried");
    }
  }
  return chunks.flatMap(({ chunk: { number, counts } }) => {
    const those = told.get(number) ?? {};
    const differs = Object.entries(counts).some(([status, many]) => many !== (those[status] ?? 0));
    if (!differs) return [];
    const message = `the journal has ${JSON.stringify(counts)}, the results ${JSON.stringify(those)}`;
    return [{ invariant: "a chunk's counts are those of its results", message, chunk: number }];
  });
}
