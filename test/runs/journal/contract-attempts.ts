import { expect } from "chai";
import type { Claim } from "../../../src/runs/journal/chunk-record.ts";
import type { Connections } from "./contract.ts";
import {
  claimAll,
  claimOf,
  claimOne,
  counts,
  epochMs,
  intent,
  noLimits,
  operation,
  planRun,
  step,
  submit,
} from "./planned-run.ts";

const minute = 60_000;

/** Submits: intents, limits, what becomes of them. */
export function describeAttempts({ journal, another }: Connections): void {
  describe("submits", () => {
    it("writes the intent before anything is sent, as an attempt of its own", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      const attempt = {
        ...{ run: key, number: 0, attempt: 1, prefix: "gs://b/1/", fingerprint: "f1" },
        ...{ intentMs: epochMs + 1, size: 10, worker: "worker", fence: claim.fence },
      };
      const first = intent({ prefix: "gs://b/1/", fingerprint: "f1", nowMs: epochMs + 1 });
      expect(await journal().beginAttempt(claim, first)).to.deep.equal({ gate: "begun", attempt });
      const read = (await journal().readChunk(claim))!;
      expect(read.chunk).to.include({ state: "submitting", attempt: 1, dueMs: epochMs + 1 });
      expect(read.attempt).to.deep.equal(attempt);
      const error = { name: "RpcError", message: "try later" };
      await journal().advance([
        step(claim, "planned", { attempt: { outcome: "rejected", error }, nowMs: epochMs + 2 }),
      ]);
      await journal().beginAttempt(claim, intent({ prefix: "gs://b/2/", nowMs: epochMs + 3 }));
      const token = operation("operations/2");
      await journal().advance([
        step(claim, "running", { attempt: { outcome: "accepted", operation: token } }),
      ]);
      const attempts = await journal().listAttempts({ run: key, limit: 10 });
      expect(attempts).to.have.length(2);
      const settled = { outcome: "rejected" as const, settledMs: epochMs + 2, error };
      expect(attempts[0]).to.deep.equal({ ...attempt, ...settled });
      expect(attempts[1]).to.deep.include({ attempt: 2, operation: token, prefix: "gs://b/2/" });
      const after = { number: 0, attempt: 1 };
      expect(await journal().listAttempts({ run: key, chunk: 0, after, limit: 10 })).to.deep.equal([
        attempts[1],
      ]);
      expect(await journal().listAttempts({ run: key, chunk: 1, limit: 10 })).to.be.empty;
    });

    it("leaves an intent without an outcome to the next worker as it is", async () => {
      await planRun(journal());
      const claim = await claimOne(journal(), { worker: "killed" });
      await journal().beginAttempt(claim, intent());
      const [taken] = await claimAll(journal(), {
        ...{ worker: "next", states: ["submitting"], nowMs: epochMs + minute },
      });
      expect(taken?.chunk).to.include({ state: "submitting", attempt: 1, worker: "next" });
      expect(taken?.attempt).to.include({ worker: "killed", fence: claim.fence });
      expect(taken?.attempt).not.to.have.property("outcome");
    });

    it("stops submits of a run that is paused or cancelling", async () => {
      const { key } = await planRun(journal(), { count: 2 });
      const [claim, other] = (await claimAll(journal())).map(claimOf);
      await journal().changeRun(key, { from: ["running"], to: "paused", nowMs: epochMs });
      const paused = { gate: "stopped", runState: "paused" };
      expect(await journal().beginAttempt(claim!, intent())).to.deep.equal(paused);
      await journal().changeRun(key, { from: ["paused"], to: "running", nowMs: epochMs });
      await journal().beginAttempt(other!, intent());
      const unknown = { attempt: { outcome: "unknown" } } as const;
      await journal().advance([step(other!, "unknown", unknown)]);
      await journal().cancelRun(key, epochMs);
      const cancelling = { gate: "stopped", runState: "cancelling" };
      expect(await journal().beginAttempt(other!, intent())).to.deep.equal(cancelling);
    });

    it("refuses to submit what is submitted", async () => {
      await planRun(journal());
      const claim = await claimOne(journal());
      await submit(journal(), claim);
      const error = await journal()
        .beginAttempt(claim, intent())
        .then(
          () => undefined,
          (reason: unknown) => reason,
        );
      expect(error).to.be.an("error").with.property("message").that.includes("is running");
      expect((await journal().readChunk(claim))?.chunk.attempt).to.equal(1);
    });

    it("refuses to send again what was accepted, as a name tells that was recorded meanwhile", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      await journal().beginAttempt(claim, intent());
      await journal().advance([step(claim, "unknown", { attempt: { outcome: "unknown" } })]);
      const token = operation("operations/late");
      const late = { run: key, number: 0, attempt: 1, operation: token, worker: "former" };
      await journal().recordOperation({ ...late, nowMs: epochMs });
      const refused = { gate: "accepted", operation: token };
      expect(await journal().beginAttempt(claim, intent())).to.deep.equal(refused);
      const other = intent({ goneOperation: "operations/other" });
      expect(await journal().beginAttempt(claim, other)).to.deep.equal(refused);
      const { chunk } = (await journal().readChunk(claim))!;
      expect(chunk).to.include({ state: "unknown", attempt: 1 });
      const gone = intent({ goneOperation: "operations/late" });
      expect(await journal().beginAttempt(claim, gone)).to.include({ gate: "begun" });
      // What an earlier attempt has left is no reason against one that follows a refusal.
      await journal().advance([step(claim, "planned", { attempt: { outcome: "rejected" } })]);
      expect(await journal().beginAttempt(claim, intent())).to.include({ gate: "begun" });
    });

    it("lets one of two workers begin that both think they hold the claim", async () => {
      const second = await another();
      if (second === undefined) return;
      await planRun(journal());
      const stopped = await claimOne(journal(), { worker: "stopped" });
      const next = await claimOne(second, { worker: "next", nowMs: epochMs + minute });
      const gates = await Promise.all([
        journal().beginAttempt(stopped, intent()),
        second.beginAttempt(next, intent()),
      ]);
      expect(gates.map(({ gate }) => gate)).to.deep.equal(["lost", "begun"]);
    });

    it("keeps the name of an operation that was learned too late, and changes nothing else", async () => {
      const { key } = await planRun(journal());
      const former = await claimOne(journal(), { worker: "former" });
      await journal().beginAttempt(former, intent());
      const states = ["submitting"] as const;
      const next = await claimOne(journal(), { states, nowMs: epochMs + minute });
      const waiting = step(next, "unknown", { attempt: { outcome: "unknown" } });
      const { dueMs: _, ...undecided } = waiting.progress;
      await journal().advance([{ ...waiting, progress: undecided }]);
      const token = operation("operations/late");
      const late = { run: key, number: 0, attempt: 1, operation: token, worker: "former" };
      const nowMs = epochMs + 2 * minute;
      expect(await journal().recordOperation({ ...late, nowMs })).to.be.true;
      expect(await journal().recordOperation({ ...late, nowMs })).to.be.false;
      const { chunk, attempt } = (await journal().readChunk(next))!;
      expect(chunk).to.include({ state: "unknown", worker: next.worker, dueMs: nowMs });
      expect(attempt).to.deep.include({ operation: token, outcome: "unknown" });
    });

    it("keeps that a submit was not accepted, as was learned too late, and takes the chunk from who looks for it", async () => {
      const { key } = await planRun(journal());
      const former = await claimOne(journal(), { worker: "former" });
      await journal().beginAttempt(former, intent());
      const states = ["submitting"] as const;
      const next = await claimOne(journal(), { states, nowMs: epochMs + minute });
      const error = { name: "VisionBatchError", message: "it never left" };
      const late = { run: key, number: 0, attempt: 1, error, worker: "former" };
      const nowMs = epochMs + 2 * minute;
      expect(await journal().recordRefusal({ ...late, nowMs })).to.be.true;
      expect(await journal().recordRefusal({ ...late, nowMs })).to.be.false;
      const looked = step(next, "unknown", { attempt: { outcome: "unknown" } });
      expect(await journal().advance([looked])).to.deep.equal([false]);
      const [taken] = await claimAll(journal(), { states, nowMs });
      expect(taken?.attempt).to.deep.include({ outcome: "rejected", error, settledMs: nowMs });
      const events = await journal().listEvents({ run: key, chunk: 0, limit: 10 });
      expect(events.find(({ type }) => type === "refusalFound")?.data).to.deep.equal(error);
    });

    it("makes what waits for a decision due when its submit turns out not to have been accepted", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      await journal().beginAttempt(claim, intent());
      const waiting = step(claim, "unknown", { attempt: { outcome: "unknown" }, release: true });
      const { dueMs: _, ...undecided } = waiting.progress;
      await journal().advance([{ ...waiting, progress: undecided }]);
      const late = { run: key, number: 0, attempt: 1, error: {}, worker: "former" };
      expect(await journal().recordRefusal({ ...late, nowMs: epochMs + 5 })).to.be.true;
      const [taken] = await claimAll(journal(), { states: ["unknown"], nowMs: epochMs + 5 });
      expect(taken?.attempt).to.include({ outcome: "rejected" });
      expect((await journal().beginAttempt(claimOf(taken!), intent())).gate).to.equal("begun");
    });

    it("keeps nothing of the sort of a submit that is known to be accepted, and leaves a later one alone", async () => {
      const { key } = await planRun(journal(), { count: 2 });
      const [claim, other] = (await claimAll(journal())).map(claimOf);
      const late = { run: key, attempt: 1, error: {}, worker: "former", nowMs: epochMs };
      await journal().beginAttempt(claim!, intent());
      await journal().advance([step(claim!, "unknown", { attempt: { outcome: "unknown" } })]);
      const named = { ...late, number: claim!.number, operation: operation("operations/late") };
      await journal().recordOperation(named);
      expect(await journal().recordRefusal({ ...late, number: claim!.number })).to.be.false;
      await journal().beginAttempt(other!, intent());
      await journal().advance([step(other!, "unknown", { attempt: { outcome: "unknown" } })]);
      await journal().beginAttempt(other!, intent());
      expect(await journal().recordRefusal({ ...late, number: other!.number })).to.be.true;
      const accepted = { outcome: "accepted", operation: operation("operations/2") } as const;
      expect(
        await journal().advance([step(other!, "running", { attempt: accepted })]),
      ).to.deep.equal([true]);
    });

    it("changes nothing of what has ended, whose attempts are counted already", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      await journal().beginAttempt(claim, intent());
      await journal().advance([step(claim, "unknown", { attempt: { outcome: "unknown" } })]);
      const outcome = { counts: counts({ missing: 10 }) };
      await journal().advance([step(claim, "failed", { outcome })]);
      const late = { run: key, number: 0, attempt: 1, error: {}, worker: "former" };
      expect(await journal().recordRefusal({ ...late, nowMs: epochMs })).to.be.false;
      const { attempt } = (await journal().readChunk(claim))!;
      expect(attempt).to.include({ outcome: "unknown" });
      const { attempts } = (await journal().progress(key))!;
      expect(attempts.unknown).to.include({ attempts: 1 });
    });

    it("hands a person's decision to the next claimant, and to nobody before", async () => {
      const { key } = await planRun(journal());
      const claim = await claimOne(journal());
      const chunk = { run: key, number: 0 };
      const choice = { decision: "resubmit", by: "ada", nowMs: epochMs + 5 } as const;
      expect(await journal().decide(chunk, choice)).to.be.false;
      await journal().beginAttempt(claim, intent());
      await journal().advance([step(claim, "unknown", { attempt: { outcome: "unknown" } })]);
      expect(await journal().decide(chunk, choice)).to.be.true;
      expect(await journal().advance([step(claim, "failed")])).to.deep.equal([false]);
      const states = ["unknown"] as const;
      const [next] = await claimAll(journal(), { states, nowMs: epochMs + 5 });
      expect(next?.chunk.decision).to.equal("resubmit");
      const { gate } = await journal().beginAttempt(claimOf(next!), intent());
      expect(gate).to.equal("begun");
      expect((await journal().readChunk(chunk))?.chunk).not.to.have.property("decision");
      const events = await journal().listEvents({ run: key, chunk: 0, limit: 10 });
      expect(events.find(({ type }) => type === "decided")?.data).to.deep.equal({
        ...{ decision: "resubmit", by: "ada" },
      });
    });
  });

  describe("flow", () => {
    const begin = async (claim: Claim, limits: Partial<typeof noLimits>, nowMs = epochMs) =>
      journal().beginAttempt(claim, intent({ limits: { ...noLimits, ...limits }, nowMs }));

    it("lets no more images be in processing than are allowed, whatever run they are of", async () => {
      await planRun(journal(), { id: "a", count: 2 });
      await planRun(journal(), { id: "b", count: 1 });
      await planRun(journal(), { id: "elsewhere", scope: "other", count: 1 });
      const claims = (await claimAll(journal())).map(claimOf);
      const limits = { maxImagesInProcessing: 25 };
      const gates = [];
      for (const claim of claims) gates.push(await begin(claim, limits));
      expect(gates.map(({ gate }) => gate)).to.deep.equal(["begun", "begun", "wait", "begun"]);
      expect(gates[2]).to.deep.include({ limit: "processing" });
      const outcome = { counts: counts({ succeeded: 10 }) };
      await journal().advance([step(claims[0]!, "collecting", { outcome })]);
      expect((await begin(claims[2]!, limits)).gate).to.equal("begun");
    });

    it("lets one chunk through that is larger than the limit", async () => {
      await planRun(journal(), { count: 2 });
      const [first, second] = (await claimAll(journal())).map(claimOf);
      expect((await begin(first!, { maxImagesInProcessing: 5 })).gate).to.equal("begun");
      expect((await begin(second!, { maxImagesInProcessing: 5 })).gate).to.equal("wait");
    });

    it("counts an unknown submit as in processing for a time", async () => {
      await planRun(journal(), { count: 2 });
      const [first, second] = (await claimAll(journal())).map(claimOf);
      const limits = { maxImagesInProcessing: 10, unknownHoldMs: 1000 };
      await begin(first!, limits);
      await journal().advance([step(first!, "unknown", { attempt: { outcome: "unknown" } })]);
      expect((await begin(second!, limits, epochMs + 999)).gate).to.equal("wait");
      expect((await begin(second!, limits, epochMs + 1000)).gate).to.equal("begun");
    });

    it("spreads submits over the minute", async () => {
      await planRun(journal(), { count: 4 });
      const claims = (await claimAll(journal())).map(claimOf);
      const limits = { requestsPerMinute: 60 };
      expect((await begin(claims[0]!, limits)).gate).to.equal("begun");
      expect(await begin(claims[1]!, limits, epochMs + 400)).to.deep.equal({
        ...{ gate: "wait", waitMs: 550, limit: "requests" },
      });
      expect((await begin(claims[1]!, limits, epochMs + 980)).gate).to.equal("begun");
      expect(await begin(claims[2]!, limits, epochMs + 980)).to.include({ waitMs: 970 });
      expect((await begin(claims[2]!, limits, epochMs + 9000)).gate).to.equal("begun");
      expect(await begin(claims[3]!, limits, epochMs + 9000)).to.include({ waitMs: 950 });
    });

    it("slows everyone down once for one refusal, and recovers", async () => {
      await planRun(journal(), { id: "a", scope: "p", count: 4 });
      await planRun(journal(), { id: "b", scope: "p" });
      const claims = (await claimAll(journal())).map(claimOf);
      for (const claim of claims.slice(0, 2)) await begin(claim, {});
      const notBeforeMs = epochMs + 5000;
      const refused = { attempt: { outcome: "rejected" }, flow: { rateFactor: 0.5, notBeforeMs } };
      await journal().advance(
        claims.slice(0, 2).map((claim) => step(claim, "planned", refused as object)),
      );
      expect(await journal().readFlow("p")).to.deep.equal({ scope: "p", rate: 0.5, notBeforeMs });
      expect(await begin(claims[4]!, {})).to.include({ gate: "wait", waitMs: 5000 });
      const limits = { requestsPerMinute: 60 };
      expect((await begin(claims[4]!, limits, notBeforeMs)).gate).to.equal("begun");
      expect(await begin(claims[3]!, limits, notBeforeMs)).to.include({ waitMs: 2000 });
      await journal().advance([step(claims[4]!, "running", { flow: { rateFactor: 4 } })]);
      expect((await journal().readFlow("p")).rate).to.equal(1);
      expect((await journal().readFlow("unheard of")).rate).to.equal(1);
    });
  });
}
