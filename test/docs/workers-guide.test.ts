import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { freePort } from "../../scripts/postgres/free-port.ts";
import { until } from "../fixtures/emulator.ts";

const root = join(import.meta.dirname, "../..");
/** What a clone has that commands of the section reach. */
const clone = ["package.json", "dist", "examples", "generated", "node_modules", "scripts", "src"];
const images = 16;

/** The commands of the section on workers, a terminal each, in their order. */
async function blocks(): Promise<readonly string[]> {
  const text = await readFile(join(root, "docs/workers.md"), "utf8");
  const [, section = ""] = /^## Four terminals$(.*?)^## /ms.exec(text) ?? [];
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** A terminal: its commands, with all that they start, are a group that Ctrl-C reaches. */
class Terminal {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #said = "";

  constructor(block: string, cwd: string) {
    this.#child = spawn("sh", ["-e", "-c", block], { cwd, detached: true, stdio: "pipe" });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#said += text));
    }
    this.ended = once(this.#child, "close").then(([code]) => code as number | null);
  }

  get said(): string {
    return this.#said;
  }

  async says(text: RegExp): Promise<RegExpExecArray> {
    const { stdout, stderr } = this.#child;
    for (;;) {
      const found = text.exec(this.#said);
      if (found !== null) return found;
      const data = [stdout, stderr].map((stream) => stream && once(stream, "data"));
      const code = await Promise.race([
        ...data.map((each) => each?.then(() => "goes on")),
        this.ended,
      ]);
      if (code !== "goes on") throw new Error(`it ended without ${String(text)}: ${this.#said}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It has ended.
    }
  }
}

describe("the four terminals of docs/workers.md", function () {
  this.timeout(120_000);
  let folder: string;
  const terminals: Terminal[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-clone-"));
    await mkdir(join(folder, "temp"));
    for (const name of clone) await symlink(join(root, name), join(folder, name));
  });

  after(async () => {
    for (const terminal of terminals) terminal.signal("SIGINT");
    await Promise.all(terminals.map(({ ended }) => ended));
    await rm(folder, { recursive: true });
  });

  it("does what it says, command by command", async () => {
    const [services = "", one = "", two = "", start = "", kill = "", look = ""] = await blocks();
    const ports = { 9101: await freePort(), 9102: await freePort() };
    const open = (block: string): Terminal => {
      const written = Object.entries(ports).reduce(
        (text, [port, free]) => text.replaceAll(port, String(free)),
        block,
      );
      const terminal = new Terminal(written, folder);
      terminals.push(terminal);
      return terminal;
    };
    // Tests run on what is built, and need not take a minute.
    const shorter = services
      .replace(/^npm run build$/m, "")
      .replace("scripts/local.ts", `scripts/local.ts ${images}`);
    expect(shorter).to.contain(`local.ts ${images}`).and.not.contain("build");
    await open(shorter).says(/until Ctrl-C.*temp\/local\.env/);
    expect((await stat(join(folder, "temp/local.env"))).mode & 0o077).to.equal(0);

    const killed = open(one);
    const [, pid = ""] = await killed.says(/"pid":(\d+).*takes jobs/);
    const running = open(start);
    await running.says(new RegExp(`run walk is running: ${images} of ${images} inputs open`));
    // The only one that there is: it has something to leave behind.
    await until(async () =>
      /^vision_batch_steps_total.*"running"/m.test(await metrics(ports[9101])),
    );
    const left = open(two);
    await left.says(/takes jobs/);
    expect(await open(kill.replace("PID", pid)).ended).to.equal(0);
    await killed.ended;
    expect(await running.ended, running.said).to.equal(0);
    expect(running.said).to.match(new RegExp(`succeeded +${images}`));

    // The terminal is the same as before, with what was read into it.
    const looked = open(`. temp/local.env\n${look}`);
    expect(await looked.ended, looked.said).to.equal(0);
    expect(looked.said)
      .to.match(/^vision_batch_inputs_total\{.*"succeeded".*\} \d+$/m)
      .and.contain("run walk: done")
      .and.contain('{"index":0,"uri":"gs://scans/');
    const records = await readdir(join(folder, "temp/local/results/walk/records"));
    expect(records).to.have.length(images / 4);
    left.signal("SIGINT");
    await left.says(/the worker has ended/);
  });
});

async function metrics(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}
