import { parseArgs } from "node:util";
import { isWithin, isWithinBounds, type Bench, type BenchResult } from "./bench.ts";

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  import: async () => (await import("./import.ts")).importBench,
  submit: async () => (await import("./submit.ts")).submitBench,
  emulator: async () => (await import("./emulator.ts")).emulatorBench,
  faults: async () => (await import("./faults.ts")).faultsBench,
  calls: async () => (await import("./calls.ts")).callsBench,
  results: async () => (await import("./results.ts")).resultsBench,
  plan: async () => (await import("./plan.ts")).planBench,
  growth: async () => (await import("./growth.ts")).growthBench,
  run: async () => (await import("./run-images.ts")).runBench,
  workers: async () => (await import("./workers.ts")).workersBench,
  package: async () => (await import("./package.ts")).packageBench,
  report: async () => (await import("./report.ts")).reportBench,
  dashboard: async () => (await import("./dashboard.ts")).dashboardBench,
  poll: async () => (await import("./poll.ts")).pollBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const [name = ""] = positionals;
const load = benches[name];
if (load === undefined || positionals.length !== 1) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join("|")} [--json]\n`);
  process.exitCode = 2;
} else {
  const bench = await load();
  const result = await bench((line) => process.stderr.write(`${line}\n`));
  const ok = isWithinBounds(result);
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: name, ...result, ok })}\n`);
  else printTable(result);
  process.exitCode = ok ? 0 : 1;
}

function printTable({ figures, bounds }: BenchResult): void {
  const rows = Object.entries(figures).map(([figure, value]) => {
    const limits = bounds[figure] ?? {};
    const { max, min } = limits;
    const bound = max !== undefined ? `at most ${max}` : min !== undefined ? `at least ${min}` : "";
    const verdict = isWithin(value, limits) ? "ok" : "MISSED";
    return { figure, value: Number(value.toPrecision(4)), bound, verdict: bound && verdict };
  });
  console.table(rows);
}
