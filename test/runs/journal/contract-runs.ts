import { expect } from "chai";
import type { Connections } from "./contract.ts";
import {
  claimAll,
  claimOf,
  claimOne,
  counts,
  epochMs,
  intent,
  makeChunks,
  planRun,
  step,
  submit,
} from "./planned-run.ts";

/** Runs, their plans, their ends. */
export function describeRuns({ journal }: Connections): void {
  const newRun = { id: "a", scope: "p", options: { x: [1] }, settings: { y: 2 }, nowMs: epochMs };

  describe("runs", () => {
    it("creates a run once under an id and tells the run that has it", async () => {
      const first = await journal().createRun(newRun);
      const second = await journal().createRun({ ...newRun, options: {} });
      expect(first.created).to.be.true;
      expect(second).to.deep.equal({ created: false, run: first.run });
      expect(first.run).to.deep.equal({
        ...{ key: first.run.key, id: "a", scope: "p", state: "planning" },
        ...{ options: { x: [1] }, settings: { y: 2 } },
        ...{ inputs: 0, images: 0, files: 0, chunks: 0, rounds: 0 },
        ...{ createdMs: epochMs, changedMs: epochMs },
      });
      expect(await journal().findRun("a")).to.deep.equal(first.run);
      expect(await journal().readRun(first.run.key)).to.deep.equal(first.run);
      expect(await journal().findRun("b")).to.be.undefined;
    });

    it("lists runs in the order of their making, by state and page by page", async () => {
      for (const id of ["a", "b", "c"]) await planRun(journal(), { id, count: 0 });
      await journal().createRun({ ...newRun, id: "d" });
      const all = await journal().listRuns({ limit: 10 });
      expect(all.map(({ id }) => id)).to.deep.equal(["a", "b", "c", "d"]);
      const planning = await journal().listRuns({ states: ["planning", "done"], limit: 10 });
      expect(planning.map(({ id }) => id)).to.deep.equal(["d"]);
      const after = await journal().listRuns({ after: all[1]!.key, limit: 1 });
      expect(after.map(({ id }) => id)).to.deep.equal(["c"]);
    });

    it("changes a run only from the states that are named", async () => {
      const { key } = await planRun(journal());
      const error = { name: "Error", message: "no bucket" };
      const settings = { z: 1 };
      const failed = await journal().changeRun(key, {
        ...{ from: ["running"], to: "failed", nowMs: epochMs + 5, error, settings },
      });
      expect(failed).to.include({ state: "failed", changedMs: epochMs + 5 });
      expect(failed).to.deep.include({ error, settings });
      const pause = { from: ["running"], to: "paused", nowMs: epochMs } as const;
      expect(await journal().changeRun(key, pause)).to.be.undefined;
      const resumed = await journal().changeRun(key, {
        ...{ from: ["failed", "paused"], to: "running", nowMs: epochMs + 9 },
      });
      expect(resumed).to.deep.include({ state: "running", settings });
      expect(resumed).not.to.have.property("error");
      const events = await journal().listEvents({ run: key, limit: 10 });
      expect(events.map(({ type, data }) => [type, data?.["state"]])).to.deep.equal([
        ["created", undefined],
        ["planned", undefined],
        ["state", "failed"],
        ["state", "running"],
      ]);
    });

    it("ends a run when all its chunks have ended, and not before", async () => {
      const { key } = await planRun(journal(), { count: 2 });
      const claims = (await claimAll(journal())).map(claimOf);
      await journal().advance([step(claims[0]!, "done")]);
      expect((await journal().settleRun(key, epochMs))?.state).to.equal("running");
      await journal().advance([step(claims[1]!, "failed")]);
      expect((await journal().settleRun(key, epochMs))?.state).to.equal("done");
      expect((await journal().settleRun(key, epochMs))?.state).to.equal("done");
      expect(await journal().settleRun(key + 1, epochMs)).to.be.undefined;
    });

    it("ends a run without inputs", async () => {
      const { key } = await planRun(journal(), { count: 0 });
      expect((await journal().settleRun(key, epochMs))?.state).to.equal("done");
    });

    it("forgets a run with all that is kept of it, and never gives its key again", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      await submit(journal(), claim);
      const outcome = { counts: counts({ succeeded: 10 }) };
      await journal().advance([step(claim, "done", { outcome })]);
      expect(await journal().removeRun(key)).to.be.true;
      expect(await journal().removeRun(key)).to.be.false;
      const chunk = { run: key, number: 0 };
      expect(await journal().findRun("run")).to.be.undefined;
      expect(await journal().readChunk(chunk)).to.be.undefined;
      expect(await journal().readBlock(chunk)).to.be.undefined;
      expect(await journal().readOutcome(chunk)).to.be.undefined;
      expect(await journal().listAttempts({ run: key, limit: 9 })).to.be.empty;
      expect(await journal().listEvents({ run: key, limit: 9 })).to.be.empty;
      expect((await planRun(journal())).key).to.be.above(key);
    });
  });

  describe("plans", () => {
    it("takes chunks in their order only, and only while the run is planned", async () => {
      const { run } = await journal().createRun(newRun);
      const part = { run: run.key, nowMs: epochMs };
      expect(await journal().appendPlan({ ...part, chunks: makeChunks(2) })).to.be.true;
      expect(await journal().appendPlan({ ...part, chunks: makeChunks(2) })).to.be.false;
      const files = makeChunks(1, { from: 2, size: 5 }).map((chunk) => ({
        ...chunk,
        kind: "file" as const,
      }));
      expect(await journal().appendPlan({ ...part, chunks: files })).to.be.true;
      const found = await journal().findRun("a");
      expect(found).to.include({ chunks: 3, inputs: 25, images: 20, files: 5 });
      const totals = { ...part, chunks: 3, inputs: 25, digest: "d" };
      expect(await journal().commitPlan({ ...totals, inputs: 26 })).to.be.undefined;
      const planned = await journal().commitPlan(totals);
      expect(planned).to.include({ state: "running", digest: "d" });
      expect(await journal().commitPlan(totals)).to.be.undefined;
      const more = makeChunks(1, { from: 3 });
      expect(await journal().appendPlan({ ...part, chunks: more })).to.be.false;
    });

    it("keeps the inputs and digests of chunks", async () => {
      const { key } = await planRun(journal(), { count: 5 });
      const digests = makeChunks(5).map(({ digest }) => digest);
      expect(await journal().readDigests({ run: key, number: 1 }, 3)).to.deep.equal(
        digests.slice(1, 4),
      );
      const block = await journal().readBlock({ run: key, number: 4 });
      expect(Buffer.from(block!).toString()).to.equal("inputs of chunk 4");
      expect(await journal().readBlock({ run: key, number: 5 })).to.be.undefined;
    });

    it("finds the chunks that an input may be in", async () => {
      const { key } = await planRun(journal(), { count: 5 });
      const found = await journal().listChunks({ run: key, input: 39, limit: 10 });
      expect(found.map(({ chunk }) => chunk.number)).to.deep.equal([3]);
      const page = await journal().listChunks({ run: key, after: 1, limit: 2 });
      expect(page.map(({ chunk }) => chunk.number)).to.deep.equal([2, 3]);
      const done = await journal().listChunks({ run: key, states: ["done"], limit: 2 });
      expect(done).to.be.empty;
    });
  });

  describe("cancels", () => {
    it("ends what was not submitted, whoever has claimed it, and makes the rest due", async () => {
      const { key } = await planRun(journal(), { count: 3 });
      const [running, claimed] = (await claimAll(journal(), { limit: 2 })).map(claimOf);
      await submit(journal(), running!);
      expect((await journal().cancelRun(key, epochMs + 5))?.state).to.equal("cancelling");
      const listed = await journal().listChunks({ run: key, limit: 10 });
      const states = listed.map(({ chunk }) => [chunk.state, chunk.counts.notSubmitted]);
      expect(states).to.deep.equal([
        ["running", 0],
        ["cancelled", 10],
        ["cancelled", 10],
      ]);
      expect(listed[0]?.chunk.dueMs).to.equal(epochMs + 5);
      expect((await journal().beginAttempt(claimed!, intent())).gate).to.equal("lost");
      expect(await journal().advance([step(claimed!, "planned")])).to.deep.equal([false]);
      expect(await journal().readOutcome({ run: key, number: 1 })).to.deep.equal({
        counts: counts({ notSubmitted: 10 }),
      });
      expect(await claimAll(journal(), { nowMs: epochMs + 1e9 })).to.be.empty;
      expect(await journal().advance([step(running!, "cancelled")])).to.deep.equal([true]);
      expect((await journal().settleRun(key, epochMs))?.state).to.equal("cancelled");
      expect(await journal().cancelRun(key, epochMs)).to.be.undefined;
      const events = await journal().listEvents({ run: key, chunk: 2, limit: 10 });
      expect(events.map(({ type, atMs }) => [type, atMs])).to.deep.equal([
        ["cancelled", epochMs + 5],
      ]);
    });

    it("leaves what was tried to its claimant, and serves it to others", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      await journal().beginAttempt(claim, intent());
      await journal().cancelRun(key, epochMs);
      const rejected = { attempt: { outcome: "rejected" } } as const;
      expect(await journal().advance([step(claim, "planned", rejected)])).to.deep.equal([true]);
      await journal().release("worker");
      const [taken] = await claimAll(journal(), { worker: "next", nowMs: epochMs + 1000 });
      expect(taken?.chunk).to.include({ state: "planned", worker: "next" });
    });

    it("cancels once", async () => {
      const { key } = await planRun(journal());
      await journal().cancelRun(key, epochMs);
      expect((await journal().cancelRun(key, epochMs + 1))?.changedMs).to.equal(epochMs);
      const events = await journal().listEvents({ run: key, limit: 100 });
      expect(events.filter(({ type }) => type === "cancelled")).to.have.lengthOf(1);
    });

    it("ends a run in planning at once", async () => {
      const { run } = await journal().createRun(newRun);
      await journal().appendPlan({ run: run.key, chunks: makeChunks(1), nowMs: epochMs });
      expect((await journal().cancelRun(run.key, epochMs))?.state).to.equal("cancelled");
      const more = { run: run.key, chunks: makeChunks(1, { from: 1 }), nowMs: epochMs };
      expect(await journal().appendPlan(more)).to.be.false;
    });
  });

  describe("retries", () => {
    it("makes new chunks of what failed, once, and lets the run run again", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      await submit(journal(), claim);
      const statuses = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 2, 2, 3]);
      const manifest = { shards: 1 };
      const ended = { counts: counts({ succeeded: 7, failed: 2, missing: 1 }), statuses, manifest };
      await journal().advance([step(claim, "done", { outcome: ended })]);
      await journal().settleRun(key, epochMs);
      const taken = {
        ...{ run: key, number: 0, fence: claim.fence },
        outcome: {
          counts: counts({ succeeded: 7, retried: 3 }),
          statuses: statuses.map((code) => (code === 0 ? 0 : 5)),
        },
      };
      const part = {
        ...{ run: key, round: 1, taken: [taken], nowMs: epochMs },
        chunks: makeChunks(1, { from: 1, size: 3 }),
      };
      expect(await journal().appendRetry(part)).to.be.true;
      expect(await journal().appendRetry(part)).to.be.false;
      expect(await journal().findRun("run")).to.include({ state: "running", rounds: 1, chunks: 2 });
      expect(await journal().readOutcome({ run: key, number: 0 })).to.deep.equal({
        ...taken.outcome,
        manifest,
      });
      const [again] = await claimAll(journal());
      expect(again?.chunk).to.include({ number: 1, round: 1, size: 3 });
      expect(await journal().readDigests({ run: key, number: 0 }, 9)).to.have.length(1);
      const outcome = { counts: counts({ succeeded: 3 }) };
      await journal().advance([step(claimOf(again!), "done", { outcome })]);
      const progress = await journal().progress(key);
      expect(progress?.counts).to.deep.equal(counts({ succeeded: 10, retried: 3 }));
    });

    it("refuses a retry of a chunk that has not ended, and changes nothing", async () => {
      const { key } = await planRun(journal());
      const { chunk } = (await journal().readChunk({ run: key, number: 0 }))!;
      const outcome = { counts: counts({ retried: 10 }) };
      const chunks = makeChunks(1, { from: 1 });
      const taken = [{ run: key, number: 0, fence: chunk.fence, outcome }];
      const part = { run: key, round: 1, taken, chunks, nowMs: epochMs };
      expect(await journal().appendRetry(part)).to.be.false;
      expect((await journal().readChunk({ run: key, number: 0 }))?.chunk).to.deep.equal(chunk);
      expect(await journal().findRun("run")).to.include({ chunks: 1, rounds: 0 });
    });
  });

  describe("progress", () => {
    it("adds up chunks, inputs, submits and polls", async () => {
      const { key } = await planRun(journal(), { count: 4 });
      const [done, unknown, rejected] = (await claimAll(journal())).map(claimOf);
      for (const claim of [done!, unknown!, rejected!]) {
        await journal().beginAttempt(claim, intent());
      }
      await journal().advance([
        step(done!, "done", {
          ...{ progress: { polls: 3 }, attempt: { outcome: "accepted" } },
          outcome: { counts: counts({ succeeded: 9, partial: 1 }) },
        }),
        step(rejected!, "planned", { attempt: { outcome: "rejected" } }),
      ]);
      const waiting = step(unknown!, "unknown", { attempt: { outcome: "unknown" } });
      const { dueMs: _, ...undecided } = waiting.progress;
      await journal().advance([{ ...waiting, progress: undecided }]);
      const progress = (await journal().progress(key))!;
      expect(progress.run.id).to.equal("run");
      expect(progress.chunks.done).to.deep.equal({ chunks: 1, inputs: 10 });
      expect(progress.chunks.planned).to.deep.equal({ chunks: 2, inputs: 20 });
      expect(progress.chunks.unknown).to.deep.equal({ chunks: 1, inputs: 10 });
      expect(progress.counts).to.deep.equal(counts({ succeeded: 9, partial: 1 }));
      expect(progress.attempts).to.deep.equal({
        accepted: { attempts: 1, inputs: 10, files: 0 },
        rejected: { attempts: 1, inputs: 10, files: 0 },
        unknown: { attempts: 1, inputs: 10, files: 0 },
        pending: { attempts: 0, inputs: 0, files: 0 },
      });
      expect(progress).to.include({ polls: 3, tried: 3, undecided: 1 });
      expect(await journal().progress(key + 1)).to.be.undefined;
    });
  });
}
