// `npm run version`: makes a release of the files in .changeset/: the version in package.json, in
// package-lock.json and in what the package tells of itself, and CHANGELOG.md with the day. Commits nothing.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getReleaseLine } from "./changelog-lines.ts";
import { changesetFiles } from "./changeset-files.ts";
import { isBeforeFirstRelease, withDay, withFirstRelease } from "./dated-changelog.ts";

interface LockFile {
  version: string;
  /** By where they are installed; `""` is the package itself. */
  readonly packages: { readonly "": { version: string } };
}

const root = join(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");
const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
const currentVersion = (): string =>
  (JSON.parse(read("package.json")) as { readonly version: string }).version;
const day = new Date().toISOString().slice(0, 10);

if (isBeforeFirstRelease(read("CHANGELOG.md"))) await releaseFirst();
else releaseNext();

/** What was never released needs no second number: all there is becomes the version that stands there. */
async function releaseFirst(): Promise<void> {
  const files = changesetFiles(root).map((name) => join(".changeset", name));
  const summaries = files.map((file) => read(file).replace(/^---\n[^]*?\n---\n/, ""));
  const lines = await Promise.all(summaries.map((summary) => getReleaseLine({ summary })));
  const release = { version: currentVersion(), day };
  write("CHANGELOG.md", withFirstRelease(read("CHANGELOG.md"), lines, release));
  for (const file of files) rmSync(join(root, file));
}

function releaseNext(): void {
  const { status } = spawnSync("changeset", ["version"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  const version = currentVersion();
  write("CHANGELOG.md", withDay(read("CHANGELOG.md"), { version, day }));
  const lock = JSON.parse(read("package-lock.json")) as LockFile;
  for (const entry of [lock, lock.packages[""]]) entry.version = version;
  write("package-lock.json", `${JSON.stringify(lock, undefined, 2)}\n`);
  const teller = "src/transport/api-client-header.ts";
  write(teller, read(teller).replace(/return ".*";/, `return "${version}";`));
}
