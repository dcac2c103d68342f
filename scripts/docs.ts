// `npm run docs`: the API reference and the guides as HTML in temp/docs. With --check they are made
// aside and thrown away. Either way what is undocumented, cannot be imported or links to nothing fails it.
import { globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { computedTypes } from "./docs/computed-types.ts";
import { controlReference } from "./docs/control.ts";
import { convert } from "./docs/convert.ts";
import { externalAssets } from "./docs/external-assets.ts";
import { entryPointProblems, entryPoints } from "./docs/entry-points.ts";

const root = join(import.meta.dirname, "..");
const temp = join(root, "temp");

if (process.argv.includes("--check")) {
  mkdirSync(temp, { recursive: true });
  const scratch = mkdtempSync(join(temp, "docs-check-"));
  try {
    // The control first, for a check that sees nothing passes any tree.
    const control = (await controlReference(scratch)).map((line) => `control: ${line}`);
    tell([...control, ...(await makeReference(join(scratch, "html")))]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
} else {
  tell(await makeReference(join(temp, "docs")));
  process.stdout.write(`${join(temp, "docs/index.html")}\n`);
}

async function makeReference(folder: string): Promise<string[]> {
  const reference = await convert({
    root,
    entryPoints: Object.values(entryPoints),
    tsconfig: "tsconfig.json",
    frontPage: "scripts/docs/front-page.md",
    guides: globSync("docs/*.md", { cwd: root }).sort(),
    computedTypes,
  });
  // Some faults are found only while it is written.
  await reference.write(folder);
  return [...entryPointProblems(root), ...reference.problems, ...externalAssets(folder)];
}

function tell(problems: readonly string[]): void {
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
