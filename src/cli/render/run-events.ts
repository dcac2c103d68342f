import { describeEvent } from "../../runs/describe-event.ts";
import type { EventRecord } from "../../runs/index.ts";
import { formatTime } from "./run-progress.ts";

/** A line of a history: when, where, what, by whom. */
export function eventLine(event: EventRecord): string {
  const { atMs, chunk, attempt, worker } = event;
  const place = chunk === undefined ? "run" : `chunk ${chunk}`;
  const trying = attempt === undefined || attempt === 0 ? "" : `, attempt ${attempt}`;
  const by = worker === undefined ? "" : ` [${worker}]`;
  return `${formatTime(atMs)}  ${place}${trying}: ${describeEvent(event)}${by}`;
}
