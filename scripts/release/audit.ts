// `node scripts/release/audit.ts`: asks the registry for advisories about what the package ships with
// (`npm audit --omit=dev`), and fails on each that `accepted-advisories.json` does not argue for, or no
// longer. Needs a registry that answers audits.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judgeAudit, type AcceptedAdvisory, type AuditReport } from "./judge-audit.ts";

const root = join(import.meta.dirname, "../..");
const accepted = JSON.parse(
  readFileSync(join(import.meta.dirname, "accepted-advisories.json"), "utf8"),
) as readonly AcceptedAdvisory[];

const { stdout, stderr } = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  ...{ cwd: root, encoding: "utf8" },
});
const report = (stdout.startsWith("{") ? JSON.parse(stdout) : {}) as AuditReport;
if (report.vulnerabilities === undefined) {
  process.stderr.write(`no audit: this needs a registry that answers audits\n${stderr}`);
  process.exitCode = 2;
} else {
  const problems = judgeAudit(report, accepted, new Date().toISOString().slice(0, 10));
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${problems.length} advisories to act on\n`);
  if (problems.length > 0) process.exitCode = 1;
}
