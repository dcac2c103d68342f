import { endedByReturn } from "../transport/index.ts";
import type { RunKey, RunState } from "./journal/run-record.ts";
import { ProgressMeter, type RunSnapshot } from "./progress.ts";
import type { RunsParts } from "./runs-parts.ts";

/** Options of watching a run. */
export interface RunProgressOptions {
  /** Between two snapshots, in milliseconds. Default 1,000. */
  readonly intervalMs?: number | undefined;
  /** Ends the watching, not the run. */
  readonly signal?: AbortSignal | undefined;
}

const overStates: readonly RunState[] = ["done", "cancelled", "failed"];

/** Snapshots of a run: one at once, then one an interval, and the last one when it is over. */
export function watchRun(
  key: RunKey,
  parts: RunsParts,
  options: RunProgressOptions = {},
): AsyncGenerator<RunSnapshot, void, void> {
  const { intervalMs = 1000, signal } = options;
  const { worker, clock } = parts;
  return endedByReturn(async function* (left) {
    const stop = signal === undefined ? left : AbortSignal.any([left, signal]);
    const meter = new ProgressMeter(key, parts);
    for (;;) {
      stop.throwIfAborted();
      // Known before the look, so that an end that comes while it is made is not missed.
      const wasDriven = worker.drives(key);
      const snapshot = await meter.look();
      if (snapshot === undefined) return;
      yield snapshot;
      if (overStates.includes(snapshot.state)) return;
      if (worker.failure !== undefined) throw worker.failure;
      await untilOver(key, parts, { untilMs: clock.now() + intervalMs, wasDriven, stop });
    }
  });
}

interface Interval {
  readonly untilMs: number;
  /** Whether this process worked on the run when it was last looked at. */
  readonly wasDriven: boolean;
  readonly stop: AbortSignal;
}

/** Waits for a time, or until the run is over. */
async function untilOver(
  key: RunKey,
  { worker, clock }: RunsParts,
  { untilMs, wasDriven, stop }: Interval,
): Promise<void> {
  for (;;) {
    const seen = worker.changes.changes;
    const ms = untilMs - clock.now();
    if (ms <= 0 || worker.failure !== undefined) return;
    if (wasDriven && !worker.drives(key)) return;
    await worker.changes.after(seen, { clock, ms, signal: stop });
    stop.throwIfAborted();
  }
}
