import type { Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

const intents = ["submitting", "resubmitting"];

/** After a cancel nothing is submitted any more, and the run comes to that end. */
export function checkCancelled({ runEvents, chunks, snapshot }: Evidence): readonly Violation[] {
  const cancel = runEvents.find(({ data }) => data?.["state"] === "cancelling");
  // A retry lets a cancelled run run again.
  const retry = runEvents.find(({ type }) => type === "retried");
  if (cancel === undefined) return [];
  const until = retry?.id ?? Infinity;
  const isCancelled = runEvents.some(
    ({ id, data }) => id > cancel.id && id < until && data?.["state"] === "cancelled",
  );
  const message = `it is ${snapshot.state}`;
  const ends = isCancelled ? [] : [{ invariant: "a run that is cancelled ends so", message }];
  const late = chunks.flatMap(({ chunk, events }) =>
    events
      .filter(({ type, id }) => intents.includes(type) && id > cancel.id && id < until)
      .map(({ type, id }) => ({
        invariant: "nothing is submitted after a cancel",
        message: `event ${id} is ${type}, and the cancel was ${cancel.id}`,
        chunk: chunk.number,
      })),
  );
  return [...ends, ...late];
}
