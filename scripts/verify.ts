// `npm run verify`: the static checks, then the tests; ends with the line `N passed, N failed`, in
// which a check that fails counts as one failure.
import { join } from "node:path";
import { runStep, runSteps, type Step, type StepResult } from "./verify/run-step.ts";

const checks: readonly Step[] = [
  { name: "lint", command: ["eslint", ".", "--max-warnings", "0"] },
  { name: "format", command: ["prettier", "--check", "."] },
  { name: "types", command: ["tsc", "--noEmit", "-p", "tsconfig.json"] },
  { name: "pages", command: ["tsc", "--noEmit", "-p", "pages/tsconfig.json"] },
  { name: "rooms", command: ["node", "scripts/verify/rooms.ts"] },
  { name: "api", command: ["node", "scripts/verify/api-report.ts"] },
  { name: "docs", command: ["node", "scripts/docs.ts", "--check"] },
  { name: "codegen", command: ["node", "scripts/codegen.ts", "--check"] },
  { name: "package", command: ["node", "scripts/verify/package-lint.ts"] },
];
const tests: Step = { name: "test", command: ["node", "scripts/test.ts"] };

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
const context = { cwd: join(import.meta.dirname, ".."), signal: abort.signal };

const failures: string[] = [];
await runSteps(checks, { ...context, atATime: 2 }, (result) => {
  tell(result);
  if (!result.ok) process.stdout.write(`${result.output.trimEnd()}\n\n`);
});
const testResult = await runStep(tests, {
  ...context,
  onOutput: (text) => process.stdout.write(text),
});
const failedChecks = failures.length;
tell(testResult);
if (failures.length > 0) process.stdout.write(`failed: ${failures.join(", ")}\n`);
const [passed, failed] = countsOf(testResult);
process.stdout.write(`${passed} passed, ${failed + failedChecks} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function tell({ step, ok, seconds }: StepResult): void {
  if (!ok) failures.push(step.name);
  const verdict = ok ? "ok" : "FAILED";
  process.stdout.write(`${verdict.padEnd(7)}${step.name.padEnd(9)}${seconds.toFixed(1)} s\n`);
}

/** The counts of the last line of the tests; tests that end without one are one failure. */
function countsOf({ output, ok }: StepResult): [passed: number, failed: number] {
  const counts = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
  return [passed, ok ? failed : Math.max(failed, 1)];
}
