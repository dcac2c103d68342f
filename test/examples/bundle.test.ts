import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bundle } from "../../bench/package/bundle.ts";
import { TestEmulator } from "../fixtures/emulator.ts";
import { ExampleProcess, root } from "./example-process.ts";

describe("a bundle of the functions", function () {
  this.timeout(60_000);

  it("submits and finishes a job where no package is installed", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "vision-batch-bundle-"));
    const running = await TestEmulator.start();
    await bundle(join(root, "examples/cloud-functions/serve.ts"), join(cwd, "serve.mjs"));
    const env = { OUTPUT: "gs://jobs/" };
    const service = new ExampleProcess(["serve.mjs"], running.emulator, { cwd, env });
    try {
      const base = await service.address();
      const call = async (name: string, body: object): Promise<Response> => {
        const headers = { "content-type": "application/json", connection: "close" };
        return fetch(`${base}/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
      };
      const job = { id: "monday", images: ["gs://scans/1.png"] };
      expect((await call("submit", job)).status).to.equal(202);
      await running.done(running.emulator.admin.operations()[0]!.name);
      const finished = await call("finish", job);
      expect(finished.status).to.equal(200);
      expect(await finished.json()).to.deep.include({ state: "succeeded" });
      expect((await service.end("SIGTERM")).code).to.equal(0);
    } finally {
      await service.end("SIGKILL");
      await running.close();
      await rm(cwd, { recursive: true });
    }
  });
});
