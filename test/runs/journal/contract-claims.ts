import { expect } from "chai";
import type { Connections } from "./contract.ts";
import {
  claimAll,
  claimOf,
  claimOne,
  counts,
  epochMs,
  intent,
  planRun,
  step,
  submit,
} from "./planned-run.ts";

const minute = 60_000;

/** Claims, leases and steps. */
export function describeClaims({ journal, another }: Connections): void {
  describe("claims", () => {
    it("gives what is due of runs that run, and nothing of one that is being planned", async () => {
      const chunks = await planRun(journal(), { id: "a", count: 3 });
      await journal().createRun({ id: "b", scope: "", options: {}, settings: {}, nowMs: 0 });
      expect(await claimAll(journal(), { nowMs: epochMs - 1 })).to.be.empty;
      const [first, ...others] = await claimAll(journal(), { limit: 2 });
      expect(others).to.have.length(1);
      expect(first).to.deep.equal({
        chunk: {
          ...{ run: chunks.key, number: 0, kind: "image", size: 10, round: 0 },
          ...{ state: "planned", dueMs: epochMs, polls: 0, memo: {} },
          ...{ fence: 1, attempt: 0, worker: "worker", leaseUntilMs: epochMs + minute },
          counts: counts({}),
        },
      });
      expect(await claimAll(journal(), { worker: "other" })).to.have.length(1);
      expect(await claimAll(journal(), { worker: "other" })).to.be.empty;
    });

    it("gives the states in the order in which they are named, and what was due longest first", async () => {
      await planRun(journal(), { count: 4 });
      const [a, b] = (await claimAll(journal(), { limit: 2 })).map(claimOf);
      for (const claim of [a!, b!]) await submit(journal(), claim);
      await journal().advance([
        step(a!, "running", { progress: { dueMs: epochMs + 2 }, release: true }),
        step(b!, "running", { progress: { dueMs: epochMs + 1 }, release: true }),
      ]);
      const states = ["running", "planned"] as const;
      const got = await claimAll(journal(), { states, limit: 3, nowMs: epochMs + 2 });
      expect(got.map(({ chunk }) => chunk.number)).to.deep.equal([1, 0, 2]);
      expect(got[0]?.attempt).to.include({ attempt: 1, outcome: "accepted" });
    });

    it("gives only chunks of the runs that are asked for", async () => {
      await planRun(journal(), { id: "a" });
      const b = await planRun(journal(), { id: "b" });
      const got = await claimAll(journal(), { runs: [b.key] });
      expect(got.map(({ chunk }) => chunk.run)).to.deep.equal([b.key]);
    });

    it("gives of the chunks that are named those that may be claimed", async () => {
      const { key: run } = await planRun(journal(), { id: "a", count: 5 });
      const { key: other } = await planRun(journal(), { id: "b", count: 1 });
      const [held] = await claimAll(journal(), { limit: 1, worker: "other" });
      expect(held?.chunk).to.include({ run, number: 0 });
      const named = [0, 1, 3, 9].map((number) => ({ run, number }));
      const chunks = [...named, { run: other, number: 0 }];
      const numbers = async (more: object): Promise<number[]> =>
        (await claimAll(journal(), { chunks, ...more })).map(({ chunk }) => chunk.number).sort();
      expect(await numbers({ chunks: [] })).to.be.empty;
      expect(await numbers({ states: ["running"] })).to.be.empty;
      expect(await numbers({ nowMs: epochMs - 1 })).to.be.empty;
      expect(await numbers({ runs: [other], limit: 9 })).to.deep.equal([0]);
      await journal().changeRun(run, { from: ["running"], to: "paused", nowMs: epochMs });
      expect(await numbers({})).to.be.empty;
      await journal().changeRun(run, { from: ["paused"], to: "running", nowMs: epochMs });
      expect(await numbers({ limit: 1 })).to.have.length(1);
      expect(await numbers({})).to.have.length(1);
      const late = { worker: "late", nowMs: epochMs + minute, chunks: named };
      const taken = await claimAll(journal(), late);
      expect(taken.map(({ chunk }) => chunk.fence)).to.deep.equal([2, 2, 2]);
      const events = await journal().listEvents({ run, limit: 100 });
      expect(events.filter(({ type }) => type === "takenOver")).to.have.length(3);
    });

    it("gives no submits of a run that is paused, but what was submitted", async () => {
      const { key } = await planRun(journal(), { count: 2 });
      const claim = await claimOne(journal());
      await submit(journal(), claim);
      await journal().advance([step(claim, "running", { release: true })]);
      await journal().changeRun(key, { from: ["running"], to: "paused", nowMs: epochMs });
      const states = ["planned", "running"] as const;
      const got = await claimAll(journal(), { states, nowMs: epochMs + minute });
      expect(got.map(({ chunk }) => chunk.state)).to.deep.equal(["running"]);
    });

    it("raises the fence when a lease is over, and lets the former claimant change nothing", async () => {
      const { key } = await planRun(journal());
      const former = await claimOne(journal(), { worker: "former" });
      expect(await claimAll(journal(), { nowMs: epochMs + minute - 1 })).to.be.empty;
      const next = await claimOne(journal(), { worker: "next", nowMs: epochMs + minute });
      expect(next.fence).to.equal(former.fence + 1);
      const before = await journal().readChunk(next);
      expect((await journal().beginAttempt(former, intent())).gate).to.equal("lost");
      expect(await journal().advance([step(former, "failed")])).to.deep.equal([false]);
      await journal().release("former", [former]);
      await journal().release("former");
      expect(await journal().renew("former", epochMs + 9 * minute)).to.be.empty;
      expect(await journal().readChunk(next)).to.deep.equal(before);
      const events = await journal().listEvents({ run: key, chunk: 0, limit: 10 });
      expect(events).to.deep.equal([
        {
          ...{ id: events[0]?.id, run: key, chunk: 0, atMs: epochMs + minute, type: "takenOver" },
          ...{ worker: "next", fence: next.fence, attempt: 0, data: { from: "former" } },
        },
      ]);
    });

    it("tells a worker which claims it still has, and how their runs are", async () => {
      const { key } = await planRun(journal(), { count: 2 });
      const claims = (await claimAll(journal())).map(claimOf);
      await journal().changeRun(key, { from: ["running"], to: "paused", nowMs: epochMs });
      const held = await journal().renew("worker", epochMs + 2 * minute);
      expect(held).to.have.deep.members(claims.map((each) => ({ ...each, runState: "paused" })));
      const { chunk } = (await journal().readChunk(claims[0]!))!;
      expect(chunk.leaseUntilMs).to.equal(epochMs + 2 * minute);
    });

    it("gives back claims at once, and takes nothing more of them", async () => {
      await planRun(journal(), { count: 3 });
      const claims = (await claimAll(journal())).map(claimOf);
      await journal().release("worker", [claims[1]!]);
      expect(await journal().advance([step(claims[1]!, "failed")])).to.deep.equal([false]);
      const got = await claimAll(journal(), { worker: "other" });
      expect(got.map(({ chunk }) => chunk.number)).to.deep.equal([1]);
      await journal().release("worker");
      expect(await claimAll(journal(), { worker: "other" })).to.have.length(2);
    });

    it("tells when something will be due", async () => {
      await planRun(journal(), { count: 2 });
      const [claim] = (await claimAll(journal(), { limit: 1 })).map(claimOf);
      expect(await journal().nextDueMs({ states: ["planned"] })).to.equal(epochMs);
      const other = await claimOne(journal());
      expect(await journal().nextDueMs({ states: ["planned"] })).to.equal(epochMs + minute);
      await submit(journal(), claim!);
      const dueMs = epochMs + 7.5;
      await journal().advance([step(claim!, "running", { progress: { dueMs }, release: true })]);
      const states = ["planned", "running"] as const;
      expect(await journal().nextDueMs({ states })).to.equal(epochMs + 8);
      expect(await journal().nextDueMs({ states, runs: [other.run + 1] })).to.be.undefined;
      expect(await journal().nextDueMs({ states: ["unknown"] })).to.be.undefined;
    });

    it("makes due what waits after failures when the run is told to, and nothing else", async () => {
      const { key } = await planRun(journal(), { count: 6 });
      const claims = (await claimAll(journal())).map(claimOf);
      const dueMs = epochMs + 9 * minute;
      const waits = [
        ["planned", { rejections: 2 }],
        ["planned", { rejections: 1, notBeforeMs: epochMs + minute }],
        ["running", { pollFailures: 3 }],
        ["collecting", { pollFailures: 1 }],
        ["running", {}],
        ["unknown", { pollFailures: 1, quarantineUntilMs: dueMs }],
      ] as const;
      await journal().advance(
        waits.map(([state, memo], index) =>
          step(claims[index]!, state, { progress: { dueMs, memo }, release: true }),
        ),
      );
      const change = { from: ["running"], to: "running" } as const;
      await journal().changeRun(key, { ...change, nowMs: epochMs + 5 });
      const untouched = await journal().listChunks({ run: key, limit: 10 });
      expect(untouched.map(({ chunk }) => chunk.dueMs)).to.deep.equal(Array(6).fill(dueMs));
      await journal().changeRun(key, { ...change, nowMs: epochMs + 5, retryNow: true });
      const chunks = await journal().listChunks({ run: key, limit: 10 });
      const now = epochMs + 5;
      expect(chunks.map(({ chunk }) => chunk.dueMs)).to.deep.equal([
        ...[now, epochMs + minute, now, now, dueMs, dueMs],
      ]);
    });

    it("tells what holds claimed chunks back longest, as long as it does", async () => {
      const { key } = await planRun(journal(), { count: 3 });
      const claims = (await claimAll(journal())).map(claimOf);
      expect(await journal().progress(key)).not.to.have.property("trouble");
      const held = (claim: (typeof claims)[number], unreachableMs: number) => {
        const error = { name: "SubmitError", message: `since ${unreachableMs}` };
        return step(claim, "planned", { progress: { memo: { unreachableMs }, error } });
      };
      await journal().advance([held(claims[0]!, epochMs + 2), held(claims[1]!, epochMs + 1)]);
      expect((await journal().progress(key))?.trouble).to.deep.equal({
        sinceMs: epochMs + 1,
        error: { name: "SubmitError", message: `since ${epochMs + 1}` },
      });
      await journal().advance([step(claims[1]!, "planned")]);
      expect((await journal().progress(key))?.trouble).to.include({ sinceMs: epochMs + 2 });
      await journal().release("worker");
      expect(await journal().progress(key)).not.to.have.property("trouble");
    });

    it("never gives a chunk to two workers at a time", async function () {
      const second = await another();
      if (second === undefined) return;
      await planRun(journal(), { count: 200 });
      const got = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          claimAll(index % 2 === 0 ? journal() : second, { worker: `w${index}`, limit: 7 }),
        ),
      );
      const numbers = got.flat().map(({ chunk }) => chunk.number);
      expect(numbers).to.have.length(200);
      expect(new Set(numbers).size).to.equal(200);
    });
  });

  describe("steps", () => {
    it("writes each by itself: those whose claim holds, and nothing of one that is lost", async () => {
      const { key } = await planRun(journal(), { count: 3 });
      const claims = (await claimAll(journal())).map(claimOf);
      const stale = { ...claims[1]!, fence: claims[1]!.fence - 1 };
      const steps = [claims[0]!, stale, claims[2]!].map((claim) =>
        step(claim, "failed", { outcome: { counts: counts({ failed: 10 }) } }),
      );
      expect(await journal().advance(steps)).to.deep.equal([true, false, true]);
      const { chunk } = (await journal().readChunk(claims[1]!))!;
      expect(chunk).to.include({ state: "planned", worker: "worker" });
      expect(chunk.counts).to.deep.equal(counts({}));
      const events = await journal().listEvents({ run: key, limit: 100 });
      expect(events.map((event) => event.chunk ?? "run")).to.deep.equal(["run", "run", 0, 2]);
    });

    it("keeps what a step tells, and gives an ended chunk back", async () => {
      await planRun(journal());
      const claim = await claimOne(journal());
      await submit(journal(), claim);
      const error = { name: "ShardError", message: "cut off" };
      const memo = { graceUntilMs: epochMs + 5, shards: 2 };
      const polls = 4;
      await journal().advance([step(claim, "collecting", { progress: { error, memo, polls } })]);
      const collecting = (await journal().readChunk(claim))!.chunk;
      expect(collecting).to.deep.include({ state: "collecting", error, memo, polls });
      expect(await journal().readOutcome(claim)).to.be.undefined;
      const statuses = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
      const manifest = { bytes: 12, shardErrors: [{ uri: "gs://b/o" }] };
      const outcome = {
        counts: counts({ succeeded: 8, partial: 1, missing: 1 }),
        statuses,
        manifest,
      };
      await journal().advance([step(claim, "done", { outcome })]);
      const done = (await journal().readChunk(claim))!.chunk;
      expect(done).to.not.have.any.keys("dueMs", "worker", "leaseUntilMs", "error");
      expect(done.counts).to.deep.equal(outcome.counts);
      const read = (await journal().readOutcome(claim))!;
      expect({ ...read, statuses: Uint8Array.from(read.statuses!) }).to.deep.equal(outcome);
      expect(await journal().advance([step(claim, "failed")])).to.deep.equal([false]);
    });

    it("adds events in order, to be read page by page and by chunk", async () => {
      const { key } = await planRun(journal(), { count: 2 });
      const [first, second] = (await claimAll(journal())).map(claimOf);
      const events = [{ type: "polled", data: { n: 1 } }, { type: "slow" }];
      await journal().advance([
        step(first!, "planned", { events }),
        step(second!, "planned", { events, nowMs: epochMs + 1 }),
      ]);
      const ofChunk = await journal().listEvents({ run: key, chunk: 1, limit: 10 });
      expect(ofChunk.map(({ id: _, ...event }) => event)).to.deep.equal(
        events.map((event) => ({
          ...{ run: key, chunk: 1, atMs: epochMs + 1, worker: "worker" },
          ...{ fence: second!.fence, attempt: 0, ...event },
        })),
      );
      const all = await journal().listEvents({ run: key, limit: 100 });
      const page = await journal().listEvents({ run: key, after: all[1]!.id, limit: 2 });
      expect(page).to.deep.equal(all.slice(2, 4));
      const ofRun = await journal().listEvents({ run: key, chunk: null, limit: 10 });
      expect(ofRun.map(({ type }) => type)).to.deep.equal(["created", "planned"]);
      const late = await journal().listEvents({ run: key, sinceMs: epochMs + 1, limit: 10 });
      expect(late).to.deep.equal(ofChunk);
    });
  });
}
