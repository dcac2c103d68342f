import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { VisionBatchClient } from "vision-batch";

const [grpc = "", http = "", size = "", released = ""] = process.argv.slice(2);
const settleMs = 5500;
const releaseEveryMs = 25;
setFlagsFromString("--expose-gc");
const collectGarbage = /** @type {() => void} */ (runInNewContext("gc"));

/** When each operation was let go and when its end was known, in the order of the releases. @type {{ at: number, lagMs: number }[]} */
const lags = [];
const client = new VisionBatchClient({
  emulator: { grpc },
  // So often that the lag shows within seconds, and without waits, which the service is not known to have.
  pollSchedule: { initialMs: 5000, multiplier: 1, maxMs: 5000, jitter: 0.5 },
});
await admin("PUT", "hold", { hold: true });
let count = 0;
const inFlight = [];
for (let index = 0; index < Number(size); index += 1) inFlight.push(await follow());
await sleep(settleMs);

const before = { cpu: process.cpuUsage(), polls: await polls(), at: performance.now() };
const ends = [];
for (let index = 0; index < Number(released); index += 1) {
  await sleep(releaseEveryMs);
  // The one that has been followed for longest goes, and another takes its place.
  ends.push(release(inFlight.shift()));
  inFlight.push(await follow());
}
await Promise.all(ends);
const { user, system } = process.cpuUsage(before.cpu);
const made = (await polls()) - before.polls;
const seconds = (performance.now() - before.at) / 1000;
collectGarbage();
await sleep(200);
collectGarbage();
const { rss, heapUsed } = process.memoryUsage();
await client.close();
await Promise.all(inFlight.map(({ end }) => end));
const inTurn = lags.sort((a, b) => a.at - b.at).map(({ lagMs }) => lagMs);
const half = inTurn.length / 2;
console.log(
  JSON.stringify({
    cpuMsPerPoll: (user + system) / 1000 / made,
    pollsPerSecond: made / seconds,
    rssKiB: rss / 1024,
    heapKiB: heapUsed / 1024,
    lagMs: mean(inTurn),
    firstLagMs: mean(inTurn.slice(0, half)),
    lastLagMs: mean(inTurn.slice(half)),
  }),
);

/** Lets one operation go, and waits until its end is known. @param {{ name: string, end: Promise<number> } | undefined} operation */
async function release(operation) {
  const at = performance.now();
  await admin("POST", "release", { operationName: operation?.name });
  const doneAt = performance.now();
  lags.push({ at, lagMs: ((await operation?.end) ?? NaN) - doneAt });
}

/** Starts an operation, and notes when its end is known. */
async function follow() {
  count += 1;
  const handle = await client.asyncBatchAnnotateImages({
    requests: [
      {
        image: { source: { imageUri: `gs://inputs/${count}.jpg` } },
        features: [{ type: "LABEL_DETECTION" }],
      },
    ],
    outputConfig: { gcsDestination: { uri: `gs://out/${size}/${count}/` } },
  });
  const end = handle.wait().then(
    () => performance.now(),
    () => NaN,
  );
  return { name: handle.name, end };
}

async function polls() {
  const { calls } = await admin("GET", "calls");
  return calls.GetOperation ?? 0;
}

/** @param {string} method @param {string} path @param {object} [body] */
async function admin(method, path, body) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${http}/emulator/v1/${path}`, init);
  return answer.json();
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
