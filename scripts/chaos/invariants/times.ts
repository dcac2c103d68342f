import type { Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

/** What the time of the database and that of a process that goes by it may differ by; wrong clocks are ten times as far off. */
const slackMs = 60_000;

/** Whatever clocks the workers have, what they write is of the time in which the run took place. */
export function checkTimes({ span, chunks, runEvents }: Evidence): readonly Violation[] {
  if (span === undefined) return [];
  const { fromMs, toMs } = span;
  const events = [...runEvents, ...chunks.flatMap((chunk) => chunk.events)];
  const wrong = events.filter(({ atMs }) => atMs < fromMs - slackMs || atMs > toMs + slackMs);
  return wrong.slice(0, 5).map(({ id, type, atMs, chunk, worker = "nobody" }) => {
    const offS = Math.round((atMs - (atMs < fromMs ? fromMs : toMs)) / 1000);
    const message = `event ${id} (${type}, of ${worker}) is ${offS} s off`;
    const violation = { invariant: "workers go by the time of the database", message };
    return chunk === undefined ? violation : { ...violation, chunk };
  });
}
