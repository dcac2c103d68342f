// Loaded by mocha before the tests: what they open they close, for mocha ends by itself. With
// --parallel it runs after each file, else once at the end.
import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const graceMs = 2_000;
const endLimitMs = 10_000;
let before = new Map<string, number>();

/** Fails the run (or the file, with --parallel) that leaves something open. */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    await sleep(1);
    before = count();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    const deadline = performance.now() + graceMs;
    while (leaked().length > 0 && performance.now() < deadline) await sleep(20);
    const list = leaked();
    if (list.length > 0) throw new Error(`left open by ${testsOf(this)}: ${list.join(", ")}`);
  },
};

/** Ends a mocha that does not end by itself, and says what holds it. */
export function mochaGlobalTeardown(): void {
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(", ");
    process.stderr.write(`mocha did not end by itself; still open: ${open}\n`);
    process.exit(1);
  }, endLimitMs).unref();
}

/** The file of the tests that ran, where it is one. */
function testsOf({ test }: Mocha.Context): string {
  const suites = test?.parent?.suites ?? [];
  const files = new Set(suites.flatMap(({ file }) => file ?? []));
  const [file] = files;
  if (file === undefined || files.size > 1) return "the tests";
  return `the tests of ${relative(process.cwd(), file)}`;
}

function leaked(): string[] {
  return [...count()]
    .map(([type, now]) => ({ type, more: now - (before.get(type) ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ type, more }) => `${String(more)} ${type}`);
}

function count(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
