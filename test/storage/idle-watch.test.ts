import { expect } from "chai";
import { IdleWatch } from "../../src/storage/idle-watch.ts";

/** Timers that keep the process alive. */
const timers = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("IdleWatch", () => {
  it("keeps the process alive while it waits, and not while the reader takes its time", () => {
    const before = timers();
    const watch = new IdleWatch(60_000, undefined);
    const counts: number[] = [];
    for (const step of ["start", "stop", "start", "close"] as const) {
      watch[step]();
      counts.push(timers() - before);
    }
    expect(counts).to.deep.equal([1, 0, 1, 0]);
  });
});
