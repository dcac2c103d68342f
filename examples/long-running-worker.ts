/**
 * Works on a long list of images until it is done, for as many processes as that takes: SIGTERM (a new
 * release, a machine that is taken away) ends it within seconds with nothing lost, and so does a crash.
 * The next one goes on where it was.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/long-running-worker.ts archive gs://my-bucket/results/ uris.txt
 *
 * The arguments are a name for the run, the output prefix, and a file with one gs:// URI a line. The
 * journal is `archive.db` in the working folder; on many machines JOURNAL names one in PostgreSQL.
 * Credentials are those of the environment (`gcloud auth application-default login`); without Google,
 * start `npx vision-batch emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP to what it
 * prints.
 */
import { open } from "node:fs/promises";
import { openRuns } from "vision-batch";

const [id, output, list] = process.argv.slice(2);
if (id === undefined || output === undefined || list === undefined) {
  console.error("usage: node examples/long-running-worker.ts NAME OUTPUT_PREFIX LIST");
  process.exit(2);
}
const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    stop.abort();
  });
}
const { signal } = stop;

// Leaving this block finishes the write in hand and gives back what this process was working on.
await using runs = await openRuns({ journal: process.env["JOURNAL"] ?? `sqlite:${id}.db` });
try {
  // The same name with the same list goes on; with another list it is refused.
  const run = await runs.start({
    id,
    inputs: linesOf(list),
    features: ["TEXT_DETECTION"],
    output,
    signal,
  });
  for await (const { state, inputs: counts } of run.progress({ intervalMs: 10_000, signal })) {
    console.log(`${state}: ${counts.total - counts.open} of ${counts.total} images`);
  }
  const { inputs: counts, cost } = await run.wait({ signal });
  console.log(`${counts.succeeded} succeeded, ${cost.amount} ${cost.currency}`);
  if (counts.succeeded < counts.total) process.exitCode = 1;
} catch (error) {
  if (!signal.aborted) throw error;
  console.log("stopped: start it again and it goes on");
}

/** The lines of a file, which is opened when the first one is asked for: lines that come earlier would be lost. */
async function* linesOf(path: string): AsyncGenerator<string, void, void> {
  await using file = await open(path);
  yield* file.readLines();
}
