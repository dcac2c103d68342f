// `node scripts/release/check-release.ts TAG`: fails where the tag, package.json, the version that the
// package tells of itself and CHANGELOG.md do not speak of the same release.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "../../src/transport/api-client-header.ts";
import { releaseProblems } from "./release-problems.ts";

const root = join(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");
const { version } = JSON.parse(read("package.json")) as { readonly version: string };
const [tag = ""] = process.argv.slice(2);
const changelog = read("CHANGELOG.md");
const problems = releaseProblems({ tag, version, told: packageVersion(), changelog });
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
