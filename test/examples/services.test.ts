import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { TestEmulator } from "../fixtures/emulator.ts";
import { ExampleProcess, root } from "./example-process.ts";

const [one, two] = ["gs://my-bucket/scans/1.png", "gs://my-bucket/scans/2.png"];
const output = "gs://my-bucket/results/";
const json = { "content-type": "application/json" };

describe("the services of examples/", function () {
  this.timeout(60_000);
  let running: TestEmulator;
  let cwd: string;
  const started: ExampleProcess[] = [];

  beforeEach(async () => {
    const response = { fullTextAnnotation: { text: "total 42" } };
    running = await TestEmulator.start({ recordings: [{ uri: "*", response }] });
    cwd = await mkdtemp(join(tmpdir(), "vision-batch-example-"));
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.end("SIGKILL")));
    await running.close();
    await rm(cwd, { recursive: true });
  });

  function start(example: string, args: readonly string[] = []): ExampleProcess {
    const path = join(root, "examples", example);
    const service = new ExampleProcess([path, ...args], running.emulator, {
      ...{ cwd, env: { OUTPUT: output } },
    });
    started.push(service);
    return service;
  }

  async function send(method: string, url: string, body: unknown) {
    const answer = await fetch(url, { method, headers: json, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  describe("fastify-service.ts", () => {
    it("takes a job, streams its status to the end, and gives its results", async () => {
      const service = start("fastify-service.ts");
      const base = await service.address();
      const taken = await send("PUT", `${base}/jobs/monday`, { images: [one, two] });
      expect(taken).to.deep.include({ status: 202 });
      const status = await fetch(`${base}/jobs/monday/status`);
      expect(status.headers.get("content-type")).to.match(/^text\/event-stream/);
      const events = await status.text();
      expect(events).to.match(/event: done\ndata: \{"inputs":\{.*"succeeded":2.*\}\n\n$/);
      const results = await (await fetch(`${base}/jobs/monday/results`)).text();
      const lines = results.trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal(
        [one, two].map((uri) => ({ uri, status: "succeeded", text: "total 42" })),
      );
      expect((await service.end("SIGTERM")).code).to.equal(0);
    });

    it("refuses what cannot be sent, another job of a name, and what it does not know", async () => {
      const base = await start("fastify-service.ts").address();
      const refused = await send("PUT", `${base}/jobs/monday`, { images: ["/etc/passwd"] });
      expect(refused.status).to.equal(400);
      expect(JSON.stringify(refused.body["problems"])).to.contain("gs://");
      expect((await send("PUT", `${base}/jobs/monday`, { images: [] })).status).to.equal(400);
      expect((await send("PUT", `${base}/jobs/monday`, { images: [one] })).status).to.equal(202);
      expect((await send("PUT", `${base}/jobs/monday`, { images: [one] })).status).to.equal(202);
      const other = await send("PUT", `${base}/jobs/monday`, { images: [two] });
      expect(other.status).to.equal(409);
      expect((await fetch(`${base}/jobs/tuesday/status`)).status).to.equal(404);
      await (await fetch(`${base}/jobs/monday/status`)).text();
      expect(running.emulator.admin.submits()).to.have.length(1);
    });

    it("ends by SIGTERM while somebody watches, and goes on with its jobs when it starts again", async () => {
      running.emulator.admin.holdOperations(true);
      const first = start("fastify-service.ts");
      const base = await first.address();
      await send("PUT", `${base}/jobs/monday`, { images: [one] });
      const status = await fetch(`${base}/jobs/monday/status`);
      const ended = first.end("SIGTERM");
      expect(await status.text()).to.match(/event: closing\n/);
      expect((await ended).code).to.equal(0);

      const again = await start("fastify-service.ts").address();
      running.emulator.admin.holdOperations(false);
      running.emulator.admin.releaseOperation();
      const events = await (await fetch(`${again}/jobs/monday/status`)).text();
      expect(events).to.match(/event: done\n/);
      expect(running.emulator.admin.submits()).to.have.length(1);
    });

    it("says how it is used", async () => {
      const path = join(root, "examples/fastify-service.ts");
      const { code, stderr } = await new ExampleProcess([path], running.emulator, { cwd }).ended;
      expect(stderr).to.contain("usage:");
      expect(code).to.equal(2);
    });
  });

  describe("express-service.cjs", () => {
    async function read(base: string, body: Uint8Array<ArrayBuffer> | string, type = "image/png") {
      const headers = { "content-type": type };
      const answer = await fetch(`${base}/text`, { method: "POST", headers, body });
      return { status: answer.status, body: await answer.text() };
    }

    it("reads the text of an image, and ends by SIGTERM", async () => {
      const service = start("express-service.cjs");
      const base = await service.address();
      const receipt = new Uint8Array(await readFile(join(root, "examples/inputs/receipt.png")));
      expect(await read(base, receipt)).to.deep.equal({ status: 200, body: '{"text":"total 42"}' });
      expect((await service.end("SIGTERM")).code).to.equal(0);
    });

    it("tells what may be sent again from what may not", async () => {
      const base = await start("express-service.cjs").address();
      const { admin } = running.emulator;
      const method = "BatchAnnotateImages";
      expect((await read(base, "no image", "text/plain")).status).to.equal(415);
      const busy = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
      admin.setFaults([{ method, nth: 1, status: busy }]);
      expect((await read(base, "image")).status).to.equal(503);
      const lost = { code: "UNAVAILABLE", message: "lost" } as const;
      admin.setFaults([{ method, nth: 1, when: "afterAcceptance", status: lost }]);
      expect((await read(base, "image")).status).to.equal(502);
      expect((await read(base, "image")).status).to.equal(200);
    });
  });

  describe("long-running-worker.ts", () => {
    const args = ["archive", output, "uris.txt"];

    it("ends by SIGTERM and goes on in another process, with nothing sent twice", async () => {
      const uris = Array.from({ length: 2500 }, (_, index) => `gs://my-bucket/${index}.png`);
      await writeFile(join(cwd, "uris.txt"), `${uris.join("\n")}\n`);
      running.emulator.admin.holdOperations(true);
      const first = start("long-running-worker.ts", args);
      await first.says(/^running: 0 of 2500 images$/);
      const { code, stdout, stderr } = await first.end("SIGTERM");
      expect(stderr).to.equal("");
      expect(stdout).to.contain("start it again and it goes on");
      expect(code).to.equal(0);

      running.emulator.admin.holdOperations(false);
      while (running.emulator.admin.releaseOperation());
      const ended = await start("long-running-worker.ts", args).ended;
      expect(ended).to.include({ code: 0, stderr: "" });
      expect(ended.stdout).to.contain("2500 succeeded");
      expect(running.emulator.admin.submits()).to.have.length(2);
    });
  });

  describe("cloud-functions/", () => {
    it("submit in one process and finish in another", async () => {
      running.emulator.admin.holdOperations(true);
      const first = start("cloud-functions/serve.ts");
      const base = await first.address();
      const job = { id: "monday", images: [one, two] };
      expect((await send("POST", `${base}/submit`, job)).status).to.equal(202);
      expect((await send("POST", `${base}/submit`, job)).status).to.equal(409);
      expect((await first.end("SIGTERM")).code).to.equal(0);

      const again = await start("cloud-functions/serve.ts").address();
      const open = await send("POST", `${again}/finish`, { id: "monday" });
      expect(open).to.deep.equal({ status: 202, body: { state: "running" } });
      running.emulator.admin.holdOperations(false);
      running.emulator.admin.releaseOperation();
      const [operation] = running.emulator.admin.operations();
      await running.done(operation!.name);
      const done = await send("POST", `${again}/finish`, { id: "monday" });
      expect(done.status).to.equal(200);
      expect(done.body["counts"]).to.include({ succeeded: 2, missing: 0 });
      const records = (await running.text(String(done.body["results"]))).trimEnd().split("\n");
      expect(records.map((line) => (JSON.parse(line) as { uri: string }).uri)).to.deep.equal([
        one,
        two,
      ]);
      expect(running.emulator.admin.submits()).to.have.length(1);
    });

    it("let a job be sent again where nothing was accepted, and only there", async () => {
      const base = await start("cloud-functions/serve.ts").address();
      const { admin } = running.emulator;
      const method = "AsyncBatchAnnotateImages";
      const submit = (id: string, images = [one]) => send("POST", `${base}/submit`, { id, images });
      expect((await submit("../up")).status).to.equal(400);
      expect((await submit("none", [])).status).to.equal(400);
      const busy = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
      admin.setFaults([{ method, nth: 1, status: busy }]);
      expect((await submit("refused")).status).to.equal(503);
      expect((await submit("refused")).status).to.equal(202);
      const lost = { code: "UNAVAILABLE", message: "lost" } as const;
      admin.setFaults([{ method, nth: 1, when: "afterAcceptance", status: lost }]);
      const body = JSON.stringify({ id: "lost", images: [one] });
      const answer = await fetch(`${base}/submit`, { method: "POST", headers: json, body });
      expect(answer.status).to.equal(500);
      expect((await submit("lost")).status).to.equal(409);
      expect(admin.submits()).to.have.length(2);
      expect((await send("POST", `${base}/finish`, { id: "nobody" })).status).to.equal(404);
    });
  });
});
