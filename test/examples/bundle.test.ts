import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bundle } from "../../bench/package/bundle.ts";
import { TestEmulator } from "../fixtures/emulator.ts";
import { ExampleProcess, root } from "./example-process.ts";

describe("a bundle, where no package is installed", function () {
  this.timeout(60_000);
  let cwd: string;
  let running: TestEmulator;
  let service: ExampleProcess | undefined;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "vision-batch-bundle-"));
    running = await TestEmulator.start();
  });

  afterEach(async () => {
    await service?.end("SIGKILL");
    await running.close();
    await rm(cwd, { recursive: true });
  });

  async function serve(example: string): Promise<string> {
    await bundle(join(root, "examples", example), join(cwd, "index.cjs"));
    const env = { OUTPUT: "gs://jobs/" };
    service = new ExampleProcess(["index.cjs"], running.emulator, { cwd, env });
    return service.address();
  }

  it("submits and finishes a job over REST", async () => {
    const base = await serve("cloud-functions/serve.ts");
    const call = (name: string, body: object): Promise<Response> => {
      const headers = { "content-type": "application/json" };
      return fetch(`${base}/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
    };
    const job = { id: "monday", images: ["gs://scans/1.png"] };
    expect((await call("submit", job)).status).to.equal(202);
    await running.done(running.emulator.admin.operations()[0]!.name);
    const finished = await call("finish", job);
    expect(finished.status).to.equal(200);
    expect(await finished.json()).to.deep.include({ state: "succeeded" });
  });

  it("annotates over gRPC", async () => {
    const base = await serve("express-service.cjs");
    const headers = { "content-type": "image/png" };
    const answer = await fetch(`${base}/text`, { method: "POST", headers, body: "image" });
    expect(await answer.json()).to.deep.equal({ text: "" });
  });
});
