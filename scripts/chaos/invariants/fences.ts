import { isDeepStrictEqual } from "node:util";
import type { EventRecord } from "../../../src/index.ts";
import type { ChunkEvidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

/** What a worker may still tell of a chunk that it has lost: evidence, no transition. */
const lateEvents = ["operationFound"];
const endEvents = ["ended", "cancelled"];
const intents = ["submitting", "resubmitting"];

/** By its events every chunk was worked on by one worker at a time, one step after the other, to one end. */
export function checkFences(chunks: readonly ChunkEvidence[]): readonly Violation[] {
  return chunks.flatMap(({ chunk, attempts, events }) => {
    const steps = events.filter(({ type }) => !lateEvents.includes(type));
    const problems = [
      ...rising(steps),
      ...endOf(steps),
      ...intentsOf(steps, { attempts: attempts.length }),
    ];
    return problems.map((problem) => ({ ...problem, chunk: chunk.number }));
  });
}

function rising(events: readonly EventRecord[]): Violation[] {
  const problems: Violation[] = [];
  const workers = new Map<number, string>();
  let highest = 0;
  for (const { id, type, fence, worker } of events) {
    if (fence === undefined || worker === undefined) continue;
    if (fence < highest) {
      const message = `event ${id} (${type}) has the fence ${fence} after ${highest}`;
      problems.push({ invariant: "who lost its claim writes nothing", message });
    }
    highest = Math.max(highest, fence);
    const holder = workers.get(fence) ?? worker;
    workers.set(fence, holder);
    if (holder === worker) continue;
    const message = `fence ${fence} was that of ${holder} and of ${worker}`;
    problems.push({ invariant: "a claim has one holder", message });
  }
  return problems;
}

function endOf(events: readonly EventRecord[]): Violation[] {
  const after = events.filter(({ type }) => type !== "retried");
  const ends = after.filter(({ type }) => endEvents.includes(type));
  if (ends.length === 1 && after.at(-1) === ends[0]) return [];
  const message = `it ended ${ends.length} times, and its last event is ${after.at(-1)?.type ?? "none"}`;
  return [{ invariant: "a chunk ends once, and nothing happens to it afterwards", message }];
}

function intentsOf(
  events: readonly EventRecord[],
  { attempts }: { readonly attempts: number },
): Violation[] {
  const written = events.filter(({ type }) => intents.includes(type));
  const problems: Violation[] = [];
  if (written.length !== attempts) {
    const message = `${written.length} intents, ${attempts} attempts`;
    problems.push({ invariant: "an attempt begins with its intent", message });
  }
  for (const [index, { id, type }] of written.entries()) {
    const from = written[index - 1]?.id ?? 0;
    const between = events.filter((event) => event.id > from && event.id < id);
    const wasRejected = between.some((event) => event.type === "rejected");
    if (index === 0 || (type === "submitting") === wasRejected) continue;
    const message = `intent ${index + 1} is ${type}, after ${between.map((event) => event.type).join(", ")}`;
    problems.push({
      invariant: "only what was rejected is sent again without a decision",
      message,
    });
  }
  return problems;
}

/** A process that was left behind goes on when the run is over: the journal is as it was before. */
export function checkUnchanged(
  before: readonly ChunkEvidence[],
  after: readonly ChunkEvidence[],
): readonly Violation[] {
  const invariant = "who comes back late changes nothing";
  if (before.length !== after.length) {
    return [{ invariant, message: `${before.length} chunks became ${after.length}` }];
  }
  return before.flatMap((chunk, index) => {
    const now = after[index];
    if (now !== undefined && isDeepStrictEqual(lasting(chunk), lasting(now))) return [];
    const message = `${JSON.stringify(lasting(chunk))} became ${JSON.stringify(now && lasting(now))}`;
    return [{ invariant, message, chunk: chunk.chunk.number }];
  });
}

/** All but the name of an operation that was learned late, and whether the records were handed on. */
function lasting({ chunk: held, attempts, events }: ChunkEvidence): object {
  const { undeliveredMs: _, ...chunk } = held;
  return {
    chunk,
    attempts: attempts.map(({ operation: _, ...attempt }) => attempt),
    events: events.filter(({ type }) => !lateEvents.includes(type)),
  };
}
