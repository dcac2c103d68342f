import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startCli, type RunningCli } from "../cli/spawn-cli.ts";
import { TestEmulator, until } from "../fixtures/emulator.ts";

const long = "a".repeat(60_000);

describe("the records that a command writes while it works on a run", () => {
  let test: TestEmulator;
  let folder: string;
  let storage: Server;
  let reads: string[];
  const started: RunningCli[] = [];

  before(async () => {
    const response = { labelAnnotations: [{ description: long }] };
    test = await TestEmulator.start({ recordings: [{ uri: "gs://**", response }] });
    // What is read is seen on its way.
    storage = createServer((incoming, answer) => {
      const url = new URL(incoming.url ?? "", test.emulator.http);
      if (url.searchParams.get("alt") === "media") reads.push(url.pathname);
      const { method, headers } = incoming;
      const onward = httpRequest(url, { method, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      incoming.pipe(onward);
    });
    storage.listen(0, "127.0.0.1");
    await once(storage, "listening");
  });

  beforeEach(async () => {
    reads = [];
    await test.emulator.admin.reset();
    folder = await mkdtemp(join(tmpdir(), "vision-batch-records-"));
  });

  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
    await rm(folder, { recursive: true });
  });

  after(async () => {
    storage.closeAllConnections();
    storage.close();
    await test.close();
  });

  const admin = () => test.emulator.admin;

  /** Starts a run of so many images, a request each, that writes its records to stdout. */
  function start(id: string, images: number): RunningCli {
    const { port } = storage.address() as AddressInfo;
    const stdin = Array.from({ length: images }, (_, index) => `gs://inputs/${index}.png\n`);
    const request = ["--from", "-", "--images", "--images-per-request", "1", "--run-id", id];
    const job = ["--features", "LABEL_DETECTION", "--output", `gs://out/${id}`, "--out", "-"];
    const running = startCli(["runs", "start", ...request, ...job], {
      cwd: folder,
      env: {
        VISION_EMULATOR_HOST: test.emulator.grpc,
        VISION_EMULATOR_HTTP: `http://127.0.0.1:${port}`,
      },
      stdin: stdin.join(""),
    });
    started.push(running);
    return running;
  }

  it("come as requests end, and of one reading of what the service wrote", async () => {
    admin().holdOperations(true);
    const running = start("once", 3);
    await until(() => admin().submits().length === 3);
    admin().releaseOperation();
    await running.says('"status":"succeeded"');
    admin().holdOperations(false);
    while (admin().releaseOperation());
    const { code, stderr, stdout } = await running.ended;
    expect(code, stderr).to.equal(0);
    const indexes = stdout
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { readonly index: number }).index);
    expect(indexes.sort()).to.deep.equal([0, 1, 2]);
    const shards = reads.filter((path) => path.includes("output-"));
    expect(shards).to.have.length(3);
    expect(new Set(shards).size).to.equal(3);
  });

  it("end where their reader leaves, and the run does not", async () => {
    admin().holdOperations(true);
    const running = start("left", 3);
    await until(() => admin().submits().length === 3);
    running.child.stdout?.destroy();
    admin().releaseOperation();
    await running.says("nobody reads the records any more; the run goes on");
    admin().holdOperations(false);
    while (admin().releaseOperation());
    const { code, stderr } = await running.ended;
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain("nobody reads the records any more");
    expect(stderr).to.match(/succeeded +3/);
  });

  it("wait for a reader that is slow, and for nothing once it is interrupted", async () => {
    const running = start("slow", 20);
    running.child.stdout?.pause();
    await until(() => admin().submits().length === 20);
    await until(() => reads.filter((path) => path.includes("output-")).length > 2);
    running.child.kill("SIGINT");
    const { code, signal } = await new Promise<{
      readonly code: number | null;
      readonly signal: string | null;
    }>((resolve) => {
      running.child.once("exit", (code, signal) => {
        resolve({ code, signal });
      });
    });
    expect({ code, signal }).to.deep.equal({ code: 130, signal: null });
    running.child.stdout?.resume();
    const { stderr } = await running.ended;
    expect(stderr).to.contain("go on with: vision-batch runs resume slow --out -");
  });
});
