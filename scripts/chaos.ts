// Runs under chaos: an emulator in another process with everything going wrong that a seed tells, processes
// that are killed and stopped at random points, and the invariants checked against the emulator's own record.
// Over PostgreSQL the run is shared by workers, and the database and the way to it are struck as well.
//
// A seed fixes what goes wrong and the point of progress at which a process is struck; which submit is on
// its way at that moment depends on the machine, so that a seed need not find the same thing twice.
import { parseArgs } from "node:util";
import { runMany } from "./chaos/run-many.ts";
import { renderReport, renderSummary, summarize } from "./chaos/report.ts";
import { killRunners } from "./chaos/runner-process.ts";

const usage = `npm run chaos -- [--journal sqlite|postgres] [--workers N] [--seed S] [--runs N]
                 [--images N] [--chunks N] [--jobs N] [--json]

  --journal J  sqlite: a process or two over a file; postgres: workers over a database (default sqlite)
  --workers N  workers that share a database (default 4)
  --seed S     the seed of the first run, one more for each other (default 1)
  --runs N     how many (default 10)
  --images N   images of a run (default 20000; with workers 1200)
  --chunks N   chunks of a run (default 200; with workers 60)
  --jobs N     runs at a time (default 2)
  --json       one JSON document in place of the text
`;

process.once("exit", killRunners);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = readArguments();
  if (values.help) return print(usage, 0);
  const isShared = values.journal === "postgres";
  const size = isShared ? { images: "1200", chunks: "60" } : { images: "20000", chunks: "200" };
  const numbers = readNumbers({ ...size, ...values });
  if (numbers === undefined || !(isShared || values.journal === "sqlite")) {
    process.stderr.write(usage);
    return 2;
  }
  const { seed, runs, images, chunks, jobs, workers } = numbers;
  // No credentials are looked for on the way to an emulator, nor a server that has them.
  process.env["METADATA_SERVER_DETECTION"] = "none";
  const startMs = performance.now();
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const reports = await runMany(seeds, {
    ...{ size: { images, chunks, ...(isShared ? { workers } : {}) }, jobs },
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
        journal: { type: "string", default: "sqlite" },
        workers: { type: "string", default: "4" },
        seed: { type: "string", default: "1" },
        runs: { type: "string", default: "10" },
        images: { type: "string" },
        chunks: { type: "string" },
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

type NumberName = "seed" | "runs" | "images" | "chunks" | "jobs" | "workers";

/** The numbers; undefined where one is none, or not above 0. */
function readNumbers(
  values: Readonly<Record<NumberName, string>>,
): Readonly<Record<NumberName, number>> | undefined {
  const { seed, runs, images, chunks, jobs, workers } = values;
  const texts = Object.entries({ seed, runs, images, chunks, jobs, workers });
  const numbers = texts.map(([name, text]) => [name, Number(text)] as const);
  if (!numbers.every(([, value]) => Number.isInteger(value) && value > 0)) return undefined;
  return Object.fromEntries(numbers) as Record<NumberName, number>;
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}
