import type { SeededRandom } from "./random.ts";

/** When something is done: after so many milliseconds, or once so many submits have arrived or chunks have ended. */
export interface Once {
  readonly of: "elapsedMs" | "submits" | "ended";
  readonly reach: number;
}

/** What is done to a process that works on the run. */
export interface Blow {
  /** `kill`: SIGKILL; `stop`: SIGSTOP, and SIGCONT later; `end`: SIGTERM. */
  readonly kind: "kill" | "stop" | "end";
  readonly once: Once;
  /** How long it is stopped, or how long it takes until another one is started, in milliseconds. */
  readonly forMs: number;
  /** Stopped until the run is over. */
  readonly isLasting: boolean;
  /** Which of those that work, counted round and round. Default: the first. */
  readonly target?: number;
}

/** Draws what is done to the processes; what comes when something is reached depends on their pace as well. */
export function planBlows(
  random: SeededRandom,
  { chunks, runners }: { readonly chunks: number; readonly runners: number },
): readonly Blow[] {
  const count = random.integer(0, 2 + runners);
  return Array.from({ length: count }, (): Blow => {
    const once = planOnce(random, { chunks, latestMs: 4000 });
    const kind = random.pick(["kill", "kill", "stop", "stop", "end"] as const);
    return {
      ...{ kind, once },
      forMs: kind === "stop" ? random.integer(50, 5000) : random.integer(0, 800),
      isLasting: kind === "stop" && random.chance(0.3),
    };
  });
}

/** Draws when something is done. */
export function planOnce(
  random: SeededRandom,
  { chunks, latestMs }: { readonly chunks: number; readonly latestMs: number },
): Once {
  const of = random.pick(["elapsedMs", "submits", "submits", "submits", "ended"] as const);
  const reach = of === "elapsedMs" ? random.integer(300, latestMs) : random.integer(1, chunks - 1);
  return { of, reach };
}
