import type { Journal } from "../journal/journal.ts";
import { pause, type RunClock } from "../run-clock.ts";
import type { HeldChunks } from "./held-chunks.ts";

/** What is needed to keep leases. */
export interface LeaseParts {
  readonly journal: Journal;
  readonly clock: RunClock;
  readonly worker: string;
  readonly leaseMs: number;
  readonly held: HeldChunks;
  /** Called after each renewal. */
  readonly onRenewed: () => Promise<void>;
  /** Called where the journal could not be written. */
  readonly onError: (error: Error) => void;
}

/** Renews all leases of a worker in one write, three times within each, until it is ended; tells chunks that were lost. */
export async function keepLeases(parts: LeaseParts, ended: AbortSignal): Promise<void> {
  const { journal, clock, worker, leaseMs, held, onRenewed, onError } = parts;
  while (await pause(clock, leaseMs / 3, ended)) {
    const before = held.of();
    if (before.length === 0) continue;
    const leaseUntilMs = clock.now() + leaseMs;
    try {
      held.renewed(before, await journal.renew(worker, leaseUntilMs), leaseUntilMs);
      await onRenewed();
    } catch (error) {
      onError(error as Error);
    }
  }
}
