import type { Faults } from "./simulated-server.ts";
import { Violation } from "./violation.ts";
import type { World } from "./world.ts";

const noFaults: Faults = {
  lostAnswers: 0,
  rejections: 0,
  outages: 0,
  failedReads: 0,
  failedOperations: 0,
  expiry: 0,
  badShards: 0,
};

/** Turns in which a run of a few chunks must have ended, long as its waits may be. */
const maxTurns = 3000;

/** Lets a run come to its end with nothing going wrong any more. @throws Violation where it does not. */
export async function drainWorld(world: World): Promise<void> {
  const { journal, run } = world;
  world.server.faults = noFaults;
  await world.resume();
  for (let index = 0; index < world.workers.length; index++) world.crash(index);
  const worker = world.startWorker();
  for (let turn = 0; turn < maxTurns; turn++) {
    await worker.renew();
    while (await worker.act());
    const after = await journal.settleRun(run, world.nowMs);
    if (after?.state === "done" || after?.state === "cancelled") return;
    await decideAll(world);
    const dueMs = await journal.nextDueMs({
      states: ["planned", "submitting", "unknown", "running", "collecting"],
      runs: [run],
    });
    const nextMs = Math.min(dueMs ?? Infinity, worker.nextMs ?? Infinity);
    world.pass(Math.min(5000, Math.max(10, nextMs - world.nowMs)));
  }
  throw new Violation("the run does not end");
}

async function decideAll(world: World): Promise<void> {
  const { journal, run } = world;
  const unknown = await journal.listChunks({ run, states: ["unknown"], limit: 1000 });
  for (const { chunk } of unknown) {
    if (chunk.dueMs !== undefined || chunk.decision !== undefined) continue;
    await world.decide(chunk.number, world.random() < 0.5 ? "fail" : "resubmit");
  }
}
