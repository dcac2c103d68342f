import type { EmulatorClock } from "../emulator-clock.ts";

/** Makes RFC 3339 times with nanoseconds, as the service writes them; each is later than the one before. */
export function createTimestamps(clock: EmulatorClock): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
    last = now > last ? now : last + 1n;
    const seconds = new Date(Number(last / 1_000_000n)).toISOString().slice(0, 19);
    return `${seconds}.${String(last % 1_000_000_000n).padStart(9, "0")}Z`;
  };
}
