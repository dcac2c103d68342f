import { followByPeer, gax, meanOf, yaml } from "./peers.ts";
import { logNormal, seededRandom } from "./random.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { VirtualService, type Followed } from "./virtual-service.ts";

/** What following the same operations takes here and by the peers' schedules. */
export interface Comparison {
  readonly ours: Followed;
  readonly gax: Followed;
  readonly yaml: Followed;
}

const minuteMs = 60_000;
const inFlight = 500;
const learnedFrom = 500;
const measured = 2000;
const seed = 20;

/**
 * Operations of one kind and size with log-normal durations, median 20 min, 500 in flight at any time:
 * those that begin after the first 500 have ended.
 */
export async function simulateSiblings(sigma: number, waits = false): Promise<Comparison> {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const service = new VirtualService({ clock, random: seededRandom(seed + 1), waits });
  const durations: number[] = [];
  const followed: Followed[] = [];
  let ended = 0;
  const lane = async (): Promise<void> => {
    while (durations.length < measured) {
      const durationMs = logNormal(random, 20 * minuteMs, sigma);
      const isMeasured = ended >= learnedFrom;
      if (isMeasured) durations.push(durationMs);
      const result = await service.follow(durationMs);
      ended += 1;
      if (isMeasured) followed.push(result);
    }
  };
  await clock.until(Promise.all(Array.from({ length: inFlight }, lane)));
  return compare(followed, durations);
}

/** One operation alone, of a client that knows of no other: durations of plus and minus 10% around one. */
export async function simulateLone(aroundMs: number, waits = false): Promise<Comparison> {
  const steps = 20;
  const durations = Array.from({ length: 2 * steps + 1 }, (_, index) =>
    Math.round(aroundMs * (1 + (0.1 * (index - steps)) / steps)),
  );
  const followed: Followed[] = [];
  for (const [index, durationMs] of durations.entries()) {
    const clock = new VirtualClock();
    const service = new VirtualService({ clock, random: seededRandom(index), waits });
    followed.push(await clock.until(service.follow(durationMs)));
  }
  return compare(followed, durations);
}

/** Durations from 1 min to 3 h, each longer than the one before by the same factor. */
export function loneDurations(): readonly number[] {
  const count = 40;
  return Array.from({ length: count }, (_, index) => minuteMs * 180 ** (index / (count - 1)));
}

function compare(ours: readonly Followed[], durations: readonly number[]): Comparison {
  return {
    ours: meanOf(ours),
    gax: meanOf(durations.map((durationMs) => followByPeer(gax, durationMs))),
    yaml: meanOf(durations.map((durationMs) => followByPeer(yaml, durationMs))),
  };
}
