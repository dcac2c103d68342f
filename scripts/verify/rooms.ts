// The rooms step of `npm run verify`: the control first, for rules that see nothing pass any tree.
import { globSync } from "node:fs";
import { join } from "node:path";
import { controlRooms } from "./room-control.ts";
import { cruiseTree, ruleOptionsOf } from "./cruise-tree.ts";
import { workerEntries } from "./room-table.ts";

const root = join(import.meta.dirname, "../..");
const problems = [...(await controlRooms()).map((line) => `control: ${line}`), ...(await check())];
if (problems.length > 0) {
  process.stdout.write(`${problems.join("\n")}\n`);
  process.exitCode = 1;
}

async function check(): Promise<string[]> {
  const { modules, violations } = await cruiseTree(root, ruleOptionsOf(root, workerEntries));
  const sources = globSync("src/**/*.ts", { cwd: root });
  const unread = sources.filter((path) => !modules.includes(path));
  process.stdout.write(`read ${modules.length} modules of src/\n`);
  return [...unread.map((path) => `not read: ${path}`), ...violations];
}
