// Runs under chaos: an emulator in another process with everything going wrong that a seed tells, processes
// that are killed and stopped at random points, and the invariants checked against the emulator's own record.
//
// A seed fixes what goes wrong and the point of progress at which a process is struck; which submit is on
// its way at that moment depends on the machine, so that a seed need not find the same thing twice.
import { parseArgs } from "node:util";
import { runMany } from "./chaos/run-many.ts";
import { renderReport, renderSummary, summarize } from "./chaos/report.ts";
import { killRunners } from "./chaos/runner-process.ts";

const usage = `npm run chaos -- [--seed S] [--runs N] [--images N] [--chunks N] [--jobs N] [--json]

  --seed S    the seed of the first run, one more for each other (default 1)
  --runs N    how many (default 10)
  --images N  images of a run (default 20000)
  --chunks N  chunks of a run (default 200)
  --jobs N    runs at a time (default 2)
  --json      one JSON document in place of the text
`;

process.once("exit", killRunners);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = readArguments();
  if (values.help) return print(usage, 0);
  const [seed, runs, images, chunks, jobs] = [
    values.seed,
    values.runs,
    values.images,
    values.chunks,
    values.jobs,
  ].map(Number) as [number, number, number, number, number];
  if (![seed, runs, images, chunks, jobs].every((value) => Number.isInteger(value) && value > 0)) {
    process.stderr.write(usage);
    return 2;
  }
  // No credentials are looked for on the way to an emulator, nor a server that has them.
  process.env["METADATA_SERVER_DETECTION"] = "none";
  const startMs = performance.now();
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const reports = await runMany(seeds, {
    ...{ size: { images, chunks }, jobs },
    onReport: (report) => {
      if (!values.json) print(renderReport(report), 0);
    },
  });
  const summary = summarize(reports, performance.now() - startMs);
  const text = values.json ? JSON.stringify({ ...summary, runs: reports }) : renderSummary(summary);
  return print(`${text}\n`, summary.violations === 0 ? 0 : 1);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        runs: { type: "string", default: "10" },
        images: { type: "string", default: "20000" },
        chunks: { type: "string", default: "200" },
        jobs: { type: "string", default: "2" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}
