import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";

const root = join(import.meta.dirname, "../../..");
const run = promisify(execFile);
const copied = [
  ...[".changeset", "scripts/release", "src/transport/api-client-header.ts"],
  ...["CHANGELOG.md", "package.json", "package-lock.json"],
];
const later = `---\n"vision-batch": minor\n---\n\n\`annotate\` takes folders.\nThey are read in order.\n`;

describe("a release by changesets", function () {
  this.timeout(30_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-changesets-"));
    for (const path of copied) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await cp(join(root, path), join(folder, path), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    await write(
      "package.json",
      (await read("package.json")).replace(/("version": )".*?"/, '$1"1.2.3"'),
    );
    await write(".changeset/early.md", later.replace("folders", "globs"));
    await write("CHANGELOG.md", "# Changelog\n\nIts form.\n\n## Unreleased\n\n- All there is.\n");
  });
  after(() => rm(folder, { recursive: true }));

  const read = (path: string): Promise<string> => readFile(join(folder, path), "utf8");
  const write = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);

  /** Runs a program of node_modules there and tells what it wrote. */
  async function inFolder(program: string, ...args: readonly string[]): Promise<string> {
    const path = [join(root, "node_modules/.bin"), process.env["PATH"]].join(":");
    const env = { ...process.env, PATH: path, GIT_CONFIG_GLOBAL: "/dev/null" };
    return (await run(program, args, { cwd: folder, env })).stdout;
  }

  const release = (): Promise<string> => inFolder("node", "scripts/release/version.ts");
  const commit = async (): Promise<void> => {
    const who = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
    await inFolder("git", ...who, "commit", "-q", "-a", "--allow-empty", "-m", "A commit");
  };

  it("makes all that was never released the version that stands there", async () => {
    await release();
    const [, ...lines] = (await read("CHANGELOG.md")).split("\n## ");
    expect(lines.join()).to.match(
      /^1\.2\.3 - \d{4}-\d\d-\d\d\n\n- All there is\.\n- `annotate` takes globs\.\n {2}They are read in order\.\n$/,
    );
    await expectVersion("1.2.3", "0.1.0");
  });

  it("then grows the version as the files say, everywhere, and uses them up", async () => {
    const before = await read("CHANGELOG.md");
    await inFolder("git", "init", "-q", "-b", "main");
    await write(".gitignore", "node_modules\n");
    await inFolder("git", "add", ".");
    await commit();
    await write(".changeset/later.md", later);
    const status = await inFolder("changeset", "status");
    expect(status).to.match(/minor[^]*vision-batch/);
    await release();
    await expectVersion("1.3.0", "1.3.0");
    const changelog = await read("CHANGELOG.md");
    const [intro, first] = before.split("## 1.2.3");
    expect(changelog.startsWith(`${intro}## 1.3.0 - `)).to.equal(true);
    expect(changelog.endsWith(`## 1.2.3${first}`)).to.equal(true);
    expect(changelog).to.match(
      /## 1\.3\.0 - \d{4}-\d\d-\d\d\n\n### Minor Changes\n\n- `annotate` takes folders\.\n {2}They/,
    );
    await inFolder("prettier", "--check", "CHANGELOG.md", "package.json");
  });

  it("refuses to release where nothing changed", async () => {
    const failure = await release().then(
      () => "it did",
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: 1 });
  });

  async function expectVersion(version: string, told: string): Promise<void> {
    expect(JSON.parse(await read("package.json"))).to.include({ version });
    expect(JSON.parse(await read("package-lock.json"))).to.include({ version: told });
    expect(await read("src/transport/api-client-header.ts")).to.contain(`return "${told}"`);
  }
});
