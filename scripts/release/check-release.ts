// `node scripts/release/check-release.ts TAG`: fails where the tag, package.json, the version that the
// package tells of itself and CHANGELOG.md do not speak of the same release, where changes were left out
// of it, and where nobody could tell from where it comes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "../../src/transport/api-client-header.ts";
import { changesetFiles } from "./changeset-files.ts";
import { releaseProblems } from "./release-problems.ts";

const root = join(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");
const { version, repository } = JSON.parse(read("package.json")) as {
  readonly version: string;
  readonly repository?: unknown;
};
const [tag = ""] = process.argv.slice(2);
const changelog = read("CHANGELOG.md");
const changesets = changesetFiles(root);
const release = { tag, version, told: packageVersion(), changelog, changesets, repository };
const problems = releaseProblems(release);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
