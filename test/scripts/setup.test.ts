import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { FakeRepository, type Running } from "./fake-repository.ts";

const printArguments = ["node", "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--"];

for (const node of [process.execPath, ...machineNode()]) {
  describe(`setup.mjs under Node ${versionOf(node)}`, () => {
    let repository: FakeRepository;
    beforeEach(() => {
      repository = new FakeRepository(node);
    });
    afterEach(() => {
      repository.remove();
    });

    it("installs, generates and builds on a fresh clone, then runs the command", async () => {
      const { code, stdout } = await repository.run(["node", "-p", "process.execPath"]);
      expect(code).to.equal(0);
      expect(repository.takeLog()).to.deep.equal(["npm ci", "codegen", "build"]);
      expect(stdout.trim()).to.equal(process.execPath);
    });

    it("hands the command its arguments as they are", async () => {
      const args = ["a b", "", "*", '"', "$HOME", "--flag=x"];
      const { stdout } = await repository.run([...printArguments, ...args]);
      expect(JSON.parse(stdout)).to.deep.equal(args);
    });

    it("keeps standard output for the command", async () => {
      const { stdout, stderr } = await repository.run(["node", "-e", ""]);
      expect(stdout).to.equal("");
      expect(stderr.split("\n").slice(0, 3)).to.deep.equal([
        "set-up: install",
        "set-up: codegen",
        "set-up: build",
      ]);
    });

    it("does nothing twice", async () => {
      await repository.run([]);
      repository.takeLog();
      const { code, stderr } = await repository.run([...printArguments]);
      expect([code, stderr, repository.takeLog()]).to.deep.equal([0, "", []]);
    });

    it("installs alone for --install-only", async () => {
      await repository.run(["--install-only", "node", "-e", ""]);
      expect(repository.takeLog()).to.deep.equal(["npm ci"]);
    });

    it("begins anew when the lock file changed", async () => {
      await repository.run([]);
      repository.takeLog();
      repository.lock("1.0.1");
      await repository.run([]);
      expect(repository.takeLog()).to.deep.equal(["npm ci", "codegen", "build"]);
    });

    it("does not install over an install that somebody made", async () => {
      await repository.run(["--install-only"]);
      repository.takeLog();
      await repository.run([]);
      expect(repository.takeLog()).to.deep.equal(["codegen", "build"]);
    });

    it("generates and builds again when the codegen's configuration changed", async () => {
      await repository.run([]);
      repository.takeLog();
      repository.write("buf.gen.more.yaml", "version: v2\n");
      await repository.run([]);
      expect(repository.takeLog()).to.deep.equal(["codegen"]);
    });

    it("builds again when a source came, changed or went", async () => {
      await repository.run([]);
      for (const content of ["export const a = 1;", "export const b = 1;"]) {
        repository.takeLog();
        repository.write("src/more/a.ts", content);
        await repository.run([]);
        expect(repository.takeLog()).to.deep.equal(["build"]);
      }
    });

    for (const how of ["fails", "fails late"]) {
      it(`passes on the exit code of an npm that ${how}, and tries again next time`, async () => {
        const failed = await repository.run(["node", "-e", "console.log('ran')"], {
          FAKE_NPM: how,
        });
        expect([failed.code, failed.stdout]).to.deep.equal([7, ""]);
        expect(failed.stderr).to.match(/install failed: npm ci .*: exit code 7/);
        expect(repository.takeLog()).to.deep.equal(["npm ci"]);
        await repository.run([]);
        expect(repository.takeLog()).to.deep.equal(["npm ci", "codegen", "build"]);
      });
    }

    it("passes on the exit code of a codegen that fails, and tries again next time", async () => {
      await repository.run([]);
      repository.takeLog();
      repository.write("buf.yaml", "version: v2\n");
      const failed = await repository.run([], { FAKE_CODEGEN: "fails" });
      expect(failed.code).to.equal(3);
      expect(repository.takeLog()).to.deep.equal(["codegen"]);
      await repository.run([]);
      expect(repository.takeLog()).to.deep.equal(["codegen"]);
    });

    it("says what an install that succeeded did not bring", async () => {
      const { code, stderr } = await repository.run([], { FAKE_NPM: "brings no node" });
      expect(code).to.equal(1);
      expect(stderr).to.include("did not make node_modules/.bin/node");
    });

    it("installs the toolchain in production too, on the machine's own search path", async () => {
      const folders = [
        join(repository.folder, "bin"),
        join(repository.folder, "node_modules/.bin"),
      ];
      const path = [...folders, process.env["PATH"]].join(delimiter);
      await repository.run(["--install-only"], { NODE_ENV: "production", PATH: path });
      expect(repository.read("log")).to.include("--include=dev");
      expect(repository.takeLog()).to.deep.equal(["npm ci"]);
    });

    it("lets one of two work while the other waits", async () => {
      const first = repository.start(["node", "-p", "1"], { FAKE_NPM: "is slow" });
      const second = repository.start(["node", "-p", "2"], { FAKE_NPM: "is slow" });
      const endings = await Promise.all([first.ended, second.ended]);
      expect(endings.map(({ code, stdout }) => [code, stdout])).to.deep.equal([
        [0, "1\n"],
        [0, "2\n"],
      ]);
      expect(repository.takeLog()).to.deep.equal(["npm ci", "codegen", "build"]);
      const waited = endings.filter(({ stderr }) => stderr.includes("waiting for process"));
      expect(waited).to.have.length(1);
      expect(repository.has("temp/set-up.lock")).to.equal(false);
    });

    it("takes over from a process that is gone", async () => {
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      repository.write("temp/set-up.lock", String(pid));
      const { code } = await repository.run([]);
      expect(code).to.equal(0);
      expect(repository.has("temp/set-up.lock")).to.equal(false);
    });

    it("ends with the exit code, or by the signal, of the command", async () => {
      const exit = await repository.run(["node", "-e", "process.exit(42)"]);
      expect([exit.code, exit.signal]).to.deep.equal([42, null]);
      const killed = await repository.run(["node", "-e", "process.kill(process.pid, 'SIGKILL')"]);
      expect([killed.code, killed.signal]).to.deep.equal([null, "SIGKILL"]);
    });

    it("says which command it cannot run", async () => {
      const { code, stderr } = await repository.run(["no-such-program"]);
      expect(code).to.equal(127);
      expect(stderr).to.include("cannot run no-such-program");
    });

    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      it(`passes ${signal} on to the command and waits for its end`, async () => {
        const trap = `process.on("${signal}", () => process.exit(5)); console.log("ready"); setInterval(() => {}, 1000);`;
        const running = repository.start(["node", "-e", trap]);
        await once(running.child.stdout, "data");
        running.child.kill(signal);
        const { code } = await running.ended;
        expect(code).to.equal(5);
      });
    }

    it("stops the install on a signal, runs nothing and leaves no lock", async () => {
      const running = repository.start(["node", "-p", "1"], { FAKE_NPM: "hangs" });
      await saying(running, "npm hangs");
      running.child.kill("SIGTERM");
      const { signal, stdout } = await running.ended;
      expect([signal, stdout]).to.deep.equal(["SIGTERM", ""]);
      expect(repository.has("temp/set-up.lock")).to.equal(false);
      expect(repository.takeLog()).to.deep.equal(["npm ci"]);
    });
  });
}

/** The machine's own Node, where it is another than the tests run on. */
function machineNode(): string[] {
  const found = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"))
    .find((path) => existsSync(path));
  return found === undefined || versionOf(found) === process.version ? [] : [found];
}

function versionOf(node: string): string {
  return execFileSync(node, ["--version"], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  }).trim();
}

async function saying({ child }: Running, words: string): Promise<void> {
  let heard = "";
  const hear = (text: Buffer): void => void (heard += text.toString());
  child.stderr.on("data", hear);
  while (!heard.includes(words)) await once(child.stderr, "data");
  child.stderr.off("data", hear);
}
