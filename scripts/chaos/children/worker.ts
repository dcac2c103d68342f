// One of the workers that share a run, until the process is ended.
import { createCloudStorageStore, JournalError, VisionBatchClient } from "../../../src/index.ts";
import { jsonLogger } from "../../../src/cli/commands/worker-log.ts";
import { createWorker } from "../../../src/workers/index.ts";
import { storeRetry, type RunnerOptions, type RunnerWord } from "../runner-options.ts";
import { writeRows } from "../row-sink.ts";

const { addresses, scenario, journal } = JSON.parse(process.argv[2] ?? "{}") as RunnerOptions;
const { promise: told, resolve: tell } = Promise.withResolvers<NodeJS.Signals>();
process.once("SIGTERM", tell);
try {
  await main();
} catch (error) {
  const isUnreachable = error instanceof JournalError && error.reason === "unavailable";
  say(isUnreachable ? { word: "unreachable" } : { word: "threw", error: String(error) });
  process.stderr.write(`${String((error as Error).stack)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { workers } = scenario;
  if (workers === undefined) throw new Error("the scenario has no workers");
  const { leaseMs, lookIntervalMs, pollIntervalMs, concurrency, sink } = workers;
  await using client = new VisionBatchClient({
    emulator: { grpc: addresses.grpc, rest: addresses.http },
    transport: scenario.transport,
  });
  await using worker = await createWorker({
    ...{ journal, client, leaseMs, lookIntervalMs, pollIntervalMs, concurrency },
    store: createCloudStorageStore({ apiEndpoint: addresses.http, retry: storeRetry }),
    logger: jsonLogger(process.stderr),
    ...(sink === "ndjson" ? {} : { onResults: writeRows, resultsInTransaction: true }),
  });
  say({ word: "working", worker: worker.id });
  await told;
}

function say(word: RunnerWord): void {
  process.stdout.write(`${JSON.stringify(word)}\n`);
}
