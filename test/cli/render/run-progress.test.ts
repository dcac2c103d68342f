import { expect } from "chai";
import { eventLine } from "../../../src/cli/render/run-events.ts";
import { describeLeft } from "../../../src/cli/render/left-run.ts";
import { formatCost, formatDuration, runProgress } from "../../../src/cli/render/run-progress.ts";
import { IdleWatch, workerLines } from "../../../src/cli/render/run-workers.ts";
import { describe as inWords } from "../../../src/cli/render/progress.ts";
import { runLines } from "../../../src/cli/render/run-lines.ts";
import { StorageError, VisionBatchError, type RunSnapshot } from "../../../src/index.ts";

const cost = { currency: "USD", amount: 1.5, unpriced: [] };

const snapshot: RunSnapshot = {
  ...{
    id: "r",
    state: "running",
    atMs: 0,
    createdMs: 0,
    retries: 0,
    rounds: 0,
    polls: 0,
    undecided: 1,
  },
  inputs: { succeeded: 10, partial: 0, failed: 1, missing: 0, notSubmitted: 0, open: 9, total: 20 },
  chunks: {
    ...{ planned: 1, submitting: 1, unknown: 2, running: 1, collecting: 0 },
    ...{ done: 4, failed: 1, cancelled: 0, total: 10 },
  },
  submits: { accepted: 0, rejected: 0, unknown: 0, pending: 0 },
  openInputs: { planned: 1, submitting: 2, unknown: 4, running: 2, collecting: 0 },
  units: 12,
  workers: [],
  ...{ inputsPerSecond: 2.5, timeLeftMs: 3_660_000, cost, perhapsCost: { ...cost, amount: 0 } },
};

describe("runProgress", () => {
  it("tells how far a run is, how fast, how long and for how much", () => {
    expect(inWords(runProgress(snapshot))).to.equal(
      "annotating: 11 of 20 inputs, 5 of 10 requests ended, 2 under way, 1 of unknown fate looked for, 1 to be decided on, 2.5/s, 1 h 1 min left, USD 1.50",
    );
    const problem = { sinceMs: 0, error: new VisionBatchError("no network") };
    expect(runProgress({ ...snapshot, atMs: 90_000, problem }).detail).to.match(
      /1 to be decided on, the service not reached for 2 min, USD 1.50$/,
    );
    const fields = { reason: "unavailable", uri: "gs://out/" } as const;
    const unread = { sinceMs: 0, error: new StorageError("no answer", fields) };
    expect(runProgress({ ...snapshot, atMs: 5000, problem: unread }).detail).to.contain(
      "the storage not reached for 5 s",
    );
    expect(runProgress({ ...snapshot, state: "cancelling" }).phase).to.equal("cancelling");
  });

  it("tells time in its two largest units, and what has no price", () => {
    const times = [0, 59_400, 60_000, 3_540_000, 7_200_000, 180_000_000].map(formatDuration);
    expect(times).to.deep.equal(["0 s", "59 s", "1 min", "59 min", "2 h 0 min", "2 d 2 h"]);
    expect(formatCost({ ...cost, unpriced: ["PRODUCT_SEARCH"] })).to.equal(
      "USD 1.50 and PRODUCT_SEARCH (no known price)",
    );
  });
});

describe("runLines", () => {
  const hints = { goOn: "GO", show: "SHOW", decide: () => "DECIDE", embedded: false };
  const story = { snapshot, options: {}, settings: {}, troubled: [], events: [] };

  it("tells of a service that is not reached, and since when", () => {
    const problem = { sinceMs: 0, error: new VisionBatchError("no network") };
    expect(runLines(story, hints).join()).not.to.contain("not reached");
    expect(runLines({ ...story, snapshot: { ...snapshot, problem } }, hints)).to.include(
      "the service is not reached since 1970-01-01T00:00:00.000Z: no network",
    );
  });
});

describe("who works on a run", () => {
  const hints = { goOn: "GO" };
  const workers = [{ worker: "w", chunks: 3, leaseUntilMs: 30_000 }];

  it("is told with what to do where nobody does", () => {
    expect(workerLines({ ...snapshot, workers }, hints)).to.deep.equal([
      "worked on by w: 3 requests in hand, lost if it is not heard of for 30 s",
    ]);
    expect(workerLines(snapshot, hints).join()).to.contain("nobody has a request of it in hand");
    expect(workerLines(snapshot, hints).join()).to.contain("GO");
    expect(workerLines({ ...snapshot, state: "done" }, hints)).to.deep.equal([]);
  });

  it("is noticed once where nobody is seen to for a minute, and nothing changes", () => {
    const idle = new IdleWatch();
    const look = (atMs: number, more: Partial<RunSnapshot> = {}) =>
      idle.look({ ...snapshot, atMs, ...more }, hints);
    expect([look(0), look(59_000)]).to.deep.equal([undefined, undefined]);
    expect(look(60_000)).to.equal(
      "for 1 min nobody was seen to work on it: unless a process waits to go on with it, go on with: GO",
    );
    expect([look(61_000), look(62_000, { workers })]).to.deep.equal([undefined, undefined]);
    expect([look(110_000), look(121_000, { polls: 1 })]).to.deep.equal([undefined, undefined]);
    expect(look(180_000, { polls: 1 })).to.equal(undefined);
    expect(look(181_000, { polls: 1 })).to.contain("nobody was seen");
    expect(look(400_000, { state: "paused" })).to.equal(undefined);
  });
});

describe("describeLeft", () => {
  const left = {
    operations: Array.from({ length: 6 }, (_, index) => `operations/${index}`),
    ...{ unsentInputs: 4, uncertainInputs: 2, undecided: [7] },
  };
  const hints = {
    ...{ goOn: "GO", show: "SHOW", embedded: false },
    decide: (chunk: number) => `DECIDE ${chunk}`,
  };

  it("names some of what goes on, and how to go on", () => {
    const lines = describeLeft(left, hints);
    expect(lines).to.have.length(10);
    expect(lines[0]).to.equal("not submitted: 4 inputs");
    expect(lines)
      .to.include("still running: operations/4")
      .and.not.include("still running: operations/5");
    expect(lines.slice(-3)).to.deep.equal([
      "and 1 more operations",
      "decide on chunk 7 with: DECIDE 7",
      "go on with: GO",
    ]);
  });

  it("proposes nothing where an emulator ends with the process", () => {
    const lines = describeLeft(left, { ...hints, embedded: true });
    expect(lines).to.include("ended with its emulator: operations/0");
    expect(lines.join()).not.to.contain("GO").and.not.to.contain("DECIDE");
  });
});

describe("eventLine", () => {
  it("tells when, where and by whom", () => {
    const event = {
      id: 1,
      run: 1,
      chunk: 3,
      attempt: 2,
      atMs: 0,
      worker: "w",
      type: "cancelAsked",
    };
    expect(eventLine(event)).to.equal(
      "1970-01-01T00:00:00.000Z  chunk 3, attempt 2: the service was asked to cancel the operation [w]",
    );
  });
});
