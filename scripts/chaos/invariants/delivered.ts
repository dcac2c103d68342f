import { isDeepStrictEqual } from "node:util";
import type { RunResultRecord } from "../../../src/index.ts";
import type { Delivered, DeliveredRecord } from "../delivered.ts";
import type { ChunkEvidence, Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";
import { placesOf } from "./inputs.ts";

/** What the sink of the workers has is what the run tells: each record whole, and once. */
export function checkDelivered(evidence: Evidence): readonly Violation[] {
  const { delivered, chunks, records } = evidence;
  if (delivered === undefined) return [];
  const places = placesOf(chunks);
  const byIndex = new Map(records.map((record) => [record.index, record]));
  const problems = chunks.flatMap((each) => {
    const last = each.inputs.filter(({ index }) => places.get(index)?.chunk === each);
    const expected = last.map(({ index }) => byIndex.get(index)).filter((one) => one !== undefined);
    return ofChunk(each, { lines: delivered.get(each.chunk.number), expected });
  });
  const known = new Set(chunks.map(({ chunk }) => chunk.number));
  const others = [...delivered.keys()].filter((number) => !known.has(number));
  return [...problems, ...others.map((number) => problemOf(number, "there is no such chunk"))];
}

/** The chunks whose records the sink must get and does not have. */
export function undelivered(
  chunks: readonly Pick<ChunkEvidence, "chunk">[],
  delivered: Delivered,
): readonly number[] {
  return chunks
    .filter(({ chunk }) => isDeliverable(chunk) && !delivered.has(chunk.number))
    .map(({ chunk }) => chunk.number);
}

/** What a cancel ends before it was ever tried is told of by the journal only. */
function isDeliverable({ state, attempt, counts, size }: ChunkEvidence["chunk"]): boolean {
  return (state !== "cancelled" || attempt > 0) && counts.retried < size;
}

function ofChunk(
  { chunk, inputs }: ChunkEvidence,
  {
    lines,
    expected,
  }: {
    readonly lines: Delivered extends ReadonlyMap<number, infer Lines> ? Lines | undefined : never;
    readonly expected: readonly RunResultRecord[];
  },
): Violation[] {
  if (lines === undefined) {
    return isDeliverable(chunk) ? [problemOf(chunk.number, "the sink has nothing of it")] : [];
  }
  const own = new Set(inputs.map(({ index }) => index));
  const got = new Map<number, DeliveredRecord>();
  const messages: string[] = [];
  for (const line of lines) {
    if (line === undefined) messages.push("the sink has a record that is not whole");
    else if (!own.has(line.index)) messages.push(`input ${line.index} is none of the chunk's`);
    else if (got.has(line.index)) messages.push(`the sink has input ${line.index} twice`);
    if (line !== undefined) got.set(line.index, line);
  }
  for (const record of expected) {
    const line = got.get(record.index);
    if (line !== undefined && isDeepStrictEqual(factsOf(line), factsOf(record))) continue;
    messages.push(`the sink has ${JSON.stringify(line)} of ${JSON.stringify(record)}`);
  }
  return messages.slice(0, 3).map((message) => problemOf(chunk.number, message));
}

/** What both forms have alike: a record as it is told, and as it is written. */
function factsOf(record: DeliveredRecord | RunResultRecord): object {
  const { index, uri, customId, status } = record;
  const labels = labelsOf(record);
  // Of what is missing the reason is told in other words.
  if (status === "missing" || status === "notSubmitted") return { index, uri, customId, status };
  const { code } = ("error" in record ? record.error : {}) as { readonly code?: unknown };
  return { index, uri, customId, status, code, labels };
}

function labelsOf(record: DeliveredRecord | RunResultRecord): readonly object[] | undefined {
  const { response } = record as DeliveredRecord;
  return response?.labelAnnotations?.map(({ description, score }) => ({ description, score }));
}

function problemOf(chunk: number, message: string): Violation {
  return { invariant: "each result is delivered once", message, chunk };
}
