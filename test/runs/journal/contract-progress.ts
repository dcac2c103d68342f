import { expect } from "chai";
import fc from "fast-check";
import type { ChunkWithAttempt } from "../../../src/runs/journal/chunk-record.ts";
import { endedChunkStates } from "../../../src/runs/journal/chunk-record.ts";
import { openChunkStates, type Journal } from "../../../src/runs/journal/journal.ts";
import type { Connections } from "./contract.ts";
import { claimAll, claimOf, counts, epochMs, intent, makeChunks, step } from "./planned-run.ts";
import { scanRun } from "./scan-run.ts";

/** A choice of one of several, given their number. */
type Choose = (count: number) => number;

const chunkCount = 12;

/** A run of images and of files. */
async function planMixedRun(journal: Journal, id: string): Promise<number> {
  const nowMs = epochMs;
  const { run } = await journal.createRun({ id, scope: "", options: {}, settings: {}, nowMs });
  const chunks = makeChunks(chunkCount).map((chunk) =>
    chunk.number % 3 === 0 ? { ...chunk, kind: "file" as const } : chunk,
  );
  await journal.appendPlan({ run: run.key, chunks, nowMs });
  const totals = { run: run.key, chunks: chunkCount, inputs: chunkCount * 10, digest: "d", nowMs };
  await journal.commitPlan(totals);
  return run.key;
}

/** Writes one step of a chunk that may follow its state. */
async function stepOn(journal: Journal, held: ChunkWithAttempt, choose: Choose): Promise<void> {
  const claim = claimOf(held);
  const { state, polls, attempt, number } = held.chunk;
  const progress = { polls: polls + (attempt > 0 ? choose(3) : 0) };
  const release = choose(3) === 0;
  if (state === "planned" || (state === "unknown" && choose(3) === 0)) {
    await journal.beginAttempt(claim, intent());
    return;
  }
  if (state === "submitting") {
    const outcome = (["accepted", "rejected", "unknown"] as const)[choose(3)]!;
    const to = ({ accepted: "running", rejected: "planned", unknown: "unknown" } as const)[outcome];
    await journal.advance([step(claim, to, { attempt: { outcome }, release, progress })]);
    return;
  }
  if (choose(2) === 0) {
    const to = step(claim, state === "running" ? "collecting" : state, { release, progress });
    const { dueMs: _, ...undecided } = to.progress;
    await journal.advance([state === "unknown" ? { ...to, progress: undecided } : to]);
    return;
  }
  const failed = choose(11);
  const outcome = {
    counts: counts({ succeeded: 10 - failed, failed }),
    statuses: Uint8Array.from({ length: 10 }, (__, index) => (index < failed ? 2 : 0)),
    ...(choose(2) === 0 ? {} : { manifest: { pages: number + 1 } }),
  };
  const end = endedChunkStates[choose(3)]!;
  await journal.advance([step(claim, end, { outcome, progress })]);
}

/** Sends what failed of an ended chunk again. */
async function retry(journal: Journal, run: number, choose: Choose): Promise<void> {
  const ended = await journal.listChunks({ run, states: endedChunkStates, limit: 100 });
  const { chunk } = ended[choose(Math.max(1, ended.length))] ?? {};
  const found = await journal.readRun(run);
  if (chunk === undefined || chunk.counts.failed === 0 || found === undefined) return;
  const { failed, retried, ...others } = chunk.counts;
  await journal.appendRetry({
    ...{ run, round: found.rounds + 1, nowMs: epochMs },
    chunks: makeChunks(1, { from: found.chunks, size: failed }).map((each) => ({
      ...each,
      kind: chunk.kind,
    })),
    taken: [{ ...chunk, outcome: { counts: { ...others, failed: 0, retried: retried + failed } } }],
  });
}

async function changeSomething(journal: Journal, run: number, choose: Choose): Promise<void> {
  const what = choose(13);
  if (what === 0) return retry(journal, run, choose);
  if (what === 1) return journal.release("worker-0");
  if (what === 2) {
    await journal.decide({ run, number: choose(chunkCount) }, { decision: "fail", nowMs: epochMs });
    return;
  }
  if (what === 3) {
    const attempt = { run, number: choose(chunkCount), attempt: 1 + choose(2) };
    await journal.recordRefusal({ ...attempt, error: {}, worker: "former", nowMs: epochMs });
    return;
  }
  const request = { worker: `worker-${choose(2)}`, limit: 3, nowMs: epochMs + 3_600_000 };
  const held = await claimAll(journal, {
    ...{ ...request, runs: [run], states: [openChunkStates[choose(5)]!] },
    leaseUntilMs: epochMs + choose(1000),
  });
  for (const each of held) await stepOn(journal, each, choose);
}

/** What holds of the sums that a journal keeps of a run. */
export function describeProgress({ journal, another }: Connections): void {
  describe("sums", () => {
    it("are what its chunks and attempts add up to, whatever happens to them", async () => {
      let runs = 0;
      const choices = fc.array(fc.nat({ max: 1e6 }), { minLength: 200, maxLength: 400 });
      await fc.assert(
        fc.asyncProperty(choices, fc.boolean(), async (numbers, isCancelled) => {
          const key = await planMixedRun(journal(), `run ${runs++}`);
          const choose: Choose = (count) => (numbers.pop() ?? 0) % count;
          while (numbers.length > 0) {
            await changeSomething(journal(), key, choose);
            if (choose(5) > 0) continue;
            expect(await journal().progress(key)).to.deep.equal(await scanRun(journal(), key));
          }
          if (isCancelled) await journal().cancelRun(key, epochMs);
          expect(await journal().progress(key)).to.deep.equal(await scanRun(journal(), key));
        }),
        { numRuns: 10, seed: 1 },
      );
    });

    it("miss nothing where several end chunks of the same runs at a time", async () => {
      const keys = [await planMixedRun(journal(), "a"), await planMixedRun(journal(), "b")];
      const connections = [journal()];
      while (connections.length < 4) connections.push((await another()) ?? journal());
      await Promise.all(
        connections.map(async (connection, index) => {
          const worker = `worker-${index}`;
          for (let held; (held = await claimAll(connection, { worker, limit: 3 })).length > 0;) {
            // Each in an order of its own, which must not let them wait for each other.
            const claims = held.map(claimOf).sort((a, b) => (a.run - b.run) * (index % 2 ? 1 : -1));
            for (const claim of claims) await connection.beginAttempt(claim, intent());
            const attempt = { outcome: "accepted" } as const;
            const outcome = { counts: counts({ succeeded: 10 }), manifest: { pages: 20 } };
            await connection.advance(
              claims.map((claim) => step(claim, "done", { attempt, outcome })),
            );
          }
        }),
      );
      for (const key of keys) {
        const progress = await journal().progress(key);
        expect(progress).to.deep.equal(await scanRun(journal(), key));
        expect(progress?.chunks.done).to.deep.equal({
          chunks: chunkCount,
          inputs: chunkCount * 10,
        });
      }
    });
  });
}
