// Works on the run in a process of its own, until it is over or the process is ended.
import {
  createCloudStorageStore,
  JournalError,
  VisionBatchClient,
  type Run,
  type Runs,
} from "../../../src/index.ts";
import { hurriedClock } from "../hurried-clock.ts";
import { chaosInputs, output, runId } from "../inputs.ts";
import { storeRetry, type RunnerOptions, type RunnerWord } from "../runner-options.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as RunnerOptions;
const { addresses, scenario, task } = options;
const client = new VisionBatchClient({
  emulator: { grpc: addresses.grpc, rest: addresses.http },
  transport: scenario.transport,
});
const ending = new AbortController();
let hasBegun = false;
try {
  await main();
} catch (error) {
  // What is closed under way has nothing to say any more.
  if (!ending.signal.aborted) fail(error);
}

async function main(): Promise<void> {
  const runs = await client.runs({
    journal: options.journal,
    store: createCloudStorageStore({ apiEndpoint: addresses.http, retry: storeRetry }),
    ...(options.originMs === undefined ? {} : { clock: hurriedClock(options.originMs) }),
    ...scenario.worker,
    drive: scenario.workers === undefined,
  });
  process.once("SIGTERM", () => void end(runs).catch(fail));
  const run = await begin(runs);
  hasBegun = true;
  say({ word: "working" });
  if (scenario.readsResults) await readAll(run);
  const { state } = await run.wait();
  say({ word: "over", state });
  await end(runs);
}

async function end(runs: Runs): Promise<void> {
  ending.abort();
  await runs.close();
  await client.close();
  process.exit(0);
}

function fail(error: unknown): void {
  say(toWord(error));
  process.exit(1);
}

function toWord(error: unknown): RunnerWord {
  const reason = error instanceof JournalError ? error.reason : undefined;
  if (reason === "locked") return { word: "lockedOut" };
  if (reason === "unavailable" && !hasBegun) return { word: "unreachable" };
  return { word: "threw", error: String(error) };
}

async function begin(opened: Runs): Promise<Run> {
  const found = await opened.get(runId);
  if (task === "cancel") return opened.cancel(runId);
  if (task === "retry") return (await opened.retryFailed(runId)).run;
  if (found !== undefined && found.state !== "planning") return opened.resume(runId);
  const { images, imagesPerChunk, batchSize, settings } = scenario;
  const inputs = chaosInputs(images);
  const features = ["LABEL_DETECTION"] as const;
  return opened.start({
    ...{ id: runId, inputs, output, features, imagesPerChunk, batchSize },
    ...settings,
  });
}

/** Reads the results as they come, each of which must be told of once. */
async function readAll(run: Run): Promise<void> {
  const told = new Set<number>();
  for await (const { index } of run.results()) {
    if (told.has(index)) say({ word: "toldTwice", index });
    told.add(index);
  }
  const all = Array.from({ length: scenario.images }, (_, index) => index);
  const lacking = all.filter((index) => !told.has(index));
  if (lacking.length > 0) say({ word: "notTold", inputs: lacking.length, first: lacking[0] ?? 0 });
}

function say(word: RunnerWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
