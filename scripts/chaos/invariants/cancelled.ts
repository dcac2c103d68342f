import type { Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

const intents = ["submitting", "resubmitting"];

/** After a cancel nothing is submitted any more. */
export function checkCancelled({ runEvents, chunks }: Evidence): readonly Violation[] {
  const cancel = runEvents.find(({ data }) => data?.["state"] === "cancelling");
  // A retry lets a cancelled run run again.
  const retry = runEvents.find(({ type }) => type === "retried");
  if (cancel === undefined) return [];
  const until = retry?.id ?? Infinity;
  return chunks.flatMap(({ chunk, events }) =>
    events
      .filter(({ type, id }) => intents.includes(type) && id > cancel.id && id < until)
      .map(({ type, id }) => ({
        invariant: "nothing is submitted after a cancel",
        message: `event ${id} is ${type}, and the cancel was ${cancel.id}`,
        chunk: chunk.number,
      })),
  );
}
