import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "../..");

describe(".ci/run", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "vision-batch-ci-")));
    mkdirSync(join(folder, "bin"));
    cpSync(join(root, ".ci/run"), join(folder, "a clone/.ci/run"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs it with a shell script in the place of npm. */
  function run(npm: string) {
    writeFileSync(join(folder, "bin/npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    const { status, stdout } = spawnSync(join(folder, "a clone/.ci/run"), {
      encoding: "utf8",
      env: { PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter), FORCE_COLOR: "1" },
    });
    return { code: status, lines: stdout.trimEnd().split("\n") };
  }

  it("runs verify in the clone and ends with its counts", () => {
    const { code, lines } = run(`echo "$@"; pwd; echo "3 passed, 0 failed"`);
    expect(code).to.equal(0);
    expect(lines).to.deep.equal([
      "run --silent verify",
      join(folder, "a clone"),
      "3 passed, 0 failed",
    ]);
  });

  it("fails as verify fails", () => {
    const { code, lines } = run(`echo "3 passed, 2 failed"; exit 1`);
    expect([code, lines.at(-1)]).to.deep.equal([1, "3 passed, 2 failed"]);
  });

  it("counts a set-up that fails as one failure", () => {
    const { code, lines } = run(`echo "set-up: install failed" >&2; exit 7`);
    expect([code, ...lines]).to.deep.equal([7, "set-up: install failed", "0 passed, 1 failed"]);
  });

  it("fails where verify ends well and says no counts", () => {
    const { code, lines } = run(`echo "done"`);
    expect([code, lines.at(-1)]).to.deep.equal([1, "0 passed, 1 failed"]);
  });

  it("asks for no colours", () => {
    const { lines } = run(`echo "\${NO_COLOR-} \${FORCE_COLOR-none}"`);
    expect(lines[0]).to.equal("1 none");
  });

  it("names the corpus where it lies beside the clone, and else none", () => {
    const tell = `echo "\${VISION_RESULTS_CORPUS-none}"`;
    expect(run(tell).lines[0]).to.equal("none");
    mkdirSync(join(folder, "shared/vision-results"), { recursive: true });
    expect(run(tell).lines[0]).to.equal(join(folder, "shared/vision-results"));
  });
});
