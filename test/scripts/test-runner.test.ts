import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shuffle } from "../../scripts/test/shuffle.ts";

const root = join(import.meta.dirname, "../..");

describe("npm test", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vision-batch-runner-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the test script on files with these contents; `last` is the last line of the output. */
  function run(contents: readonly string[], options: readonly string[] = [], env = {}) {
    const files = contents.map((content, index) => {
      const path = join(folder, `${String(index)}.test.ts`);
      writeFileSync(path, content);
      return path;
    });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "scripts/test.ts"), ...options, ...files],
      { encoding: "utf8", env: { ...process.env, ...env } },
    );
    return { code: status, output: stdout + stderr, last: stdout.trimEnd().split("\n").at(-1) };
  }

  it("counts what passed", () => {
    const { code, last } = run([`it("a", () => {}); it("b", () => {});`, `it("c", () => {});`]);
    expect([code, last]).to.deep.equal([0, "3 passed, 0 failed"]);
  });

  it("counts a failing test and a failing hook", () => {
    const { code, last } = run([
      `it("a", () => {}); it("b", () => { throw new Error("b"); });`,
      `describe("c", () => { before(() => { throw new Error("hook"); }); it("d", () => {}); });`,
    ]);
    expect([code, last]).to.deep.equal([1, "1 passed, 2 failed"]);
  });

  for (const options of [[], ["--serial"]]) {
    it(`counts a file that does not load as a failure ${options.join(" ")}`, () => {
      const { code, last, output } = run([`import "./nothing.ts";`], options);
      expect([code, last]).to.deep.equal([1, "0 passed, 1 failed"]);
      expect(output).to.include("nothing.ts");
    });

    it(`counts a test that ends the process as a failure ${options.join(" ")}`, () => {
      const { code, last } = run([`it("a", () => process.exit(0));`], options);
      expect([code, last]).to.deep.equal([1, "0 passed, 1 failed"]);
    });
  }

  it("fails where there is no test", () => {
    const { code, last, output } = run([""]);
    expect([code, last]).to.deep.equal([1, "0 passed, 1 failed"]);
    expect(output).to.include("no test ran");
  });

  it("refuses a test that is left out or runs alone", () => {
    for (const word of ["only", "skip"]) {
      const { code, last } = run([`it.${word}("a", () => {});`]);
      expect([code, last]).to.deep.equal([1, "0 passed, 1 failed"]);
    }
  });

  it("passes --grep on", () => {
    const { code, last } = run([`it("a", () => {}); it("b", () => {});`], ["--grep", "b"]);
    expect([code, last]).to.deep.equal([0, "1 passed, 0 failed"]);
  });

  it("fails a test that reaches for the network, also where the error is swallowed", () => {
    const attempts = {
      "192.0.2.1": `await fetch("http://192.0.2.1/").catch(() => {});`,
      "service.example": `await (await import("node:dns/promises")).lookup("service.example").catch(() => {});`,
      "records.example": `await new (await import("node:dns/promises")).Resolver().resolveTxt("records.example").catch(() => {});`,
    };
    const contents = Object.values(attempts).map((each) => `it("asks", async () => { ${each} });`);
    const { code, last, output } = run(contents);
    expect([code, last]).to.deep.equal([1, "3 passed, 3 failed"]);
    for (const host of Object.keys(attempts))
      expect(output).to.match(new RegExp(`refused: .*${host}`));
  });

  it("lets a test talk to itself", () => {
    const { code, last } = run([
      `import { createServer } from "node:http";
      it("answers", async () => {
        const server = createServer((_, response) => response.end("yes")).listen(0, "localhost");
        await new Promise((resolve) => server.once("listening", resolve));
        const answer = await fetch("http://localhost:" + server.address().port);
        if (await answer.text() !== "yes") throw new Error("no");
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      });`,
    ]);
    expect([code, last]).to.deep.equal([0, "1 passed, 0 failed"]);
  });

  it("refuses the network to the programs that tests start", () => {
    const { code, last } = run([
      `import { execFileSync } from "node:child_process";
      it("asks", () => {
        const ask = "fetch('http://192.0.2.1/').catch((error) => console.log(error.cause.message))";
        const answer = execFileSync(process.execPath, ["-e", ask], { encoding: "utf8" });
        if (!answer.includes("network guard")) throw new Error(answer);
      });`,
    ]);
    expect([code, last]).to.deep.equal([0, "1 passed, 0 failed"]);
  });

  it("fails where something stays open, and says what", () => {
    const { code, last, output } = run([
      `import { createServer } from "node:net";
      describe("a server", () => { it("listens", () => void createServer().listen(0)); });`,
    ]);
    expect([code, last]).to.deep.equal([1, "1 passed, 1 failed"]);
    expect(output).to.match(/left open by the tests of .*0\.test\.ts: 1 TCPServerWrap/);
  });

  it("hides the machine's own settings from the tests", () => {
    const names = ["GOOGLE_APPLICATION_CREDENTIALS", "VISION_EMULATOR_HOST", "https_proxy"];
    const { code, last } = run(
      [
        `it("sees", () => {
          const seen = ${JSON.stringify(names)}.filter((name) => name in process.env);
          if (seen.length > 0) throw new Error(seen.join());
          if (process.env.METADATA_SERVER_DETECTION !== "none") throw new Error("metadata server");
        });`,
      ],
      [],
      Object.fromEntries(names.map((name) => [name, "http://192.0.2.1"])),
    );
    expect([code, last]).to.deep.equal([0, "1 passed, 0 failed"]);
  });

  it("draws the order of the files from the seed", () => {
    const files = Array.from({ length: 20 }, (_, index) => `${String(index)}.test.ts`);
    expect(shuffle(files, "1")).to.deep.equal(shuffle([...files].reverse(), "1"));
    expect(shuffle(files, "1")).to.not.deep.equal(shuffle(files, "2"));
    expect(shuffle(files, "1")).to.have.members(files);
  });
});
