import { expect } from "chai";
import { filesRequest, imagesRequest, TestEmulator, until } from "../fixtures/emulator.ts";

interface Submits {
  readonly submits: readonly Record<string, unknown>[];
}

describe("the admin endpoints of the emulator", () => {
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start();
  });
  afterEach(() => running.emulator.admin.reset());
  after(() => running.close());

  const submits = async (): Promise<readonly Record<string, unknown>[]> =>
    ((await running.rest("GET", "/emulator/v1/submits")).body as unknown as Submits).submits;

  it("tell every accepted submit", async () => {
    const name = await running.submit(imagesRequest(3));
    await running.rest(
      "POST",
      "/v1p2beta1/files:asyncBatchAnnotate",
      filesRequest(["gs://inputs/a.pdf", "gs://inputs/b.pdf"]),
    );
    const [images, files] = await submits();
    expect(images).to.deep.include({
      method: "AsyncBatchAnnotateImages",
      version: "v1",
      transport: "grpc",
      inputCount: 3,
      outputPrefixes: ["gs://out/run/"],
      operationName: name,
    });
    expect(images?.["time"]).to.match(/^\d{4}-.*Z$/);
    expect(files).to.deep.include({
      method: "AsyncBatchAnnotateFiles",
      version: "v1p2beta1",
      transport: "rest",
      inputCount: 2,
      outputPrefixes: ["gs://out/files/0/", "gs://out/files/1/"],
    });
    expect(await submits()).to.deep.equal(running.emulator.admin.submits());
  });

  it("give the same fingerprint to the same request by either transport, and another to another", async () => {
    await running.submit(imagesRequest(2, { batchSize: 0 }));
    const { requests, outputConfig } = imagesRequest(2) as Record<string, unknown>;
    await running.rest("POST", "/v1/images:asyncBatchAnnotate", { outputConfig, requests });
    await running.submit(imagesRequest(2, { batchSize: 5 }));
    const prints = (await submits()).map(({ fingerprint }) => fingerprint);
    expect(prints[0]).to.match(/^[0-9a-f]{64}$/);
    expect(prints[1]).to.equal(prints[0]);
    expect(prints[2]).to.not.equal(prints[0]);
  });

  it("count polls and cancels by operation, and calls by method", async () => {
    const name = await running.submit(imagesRequest(1));
    await running.operations("GetOperation", { name });
    await running.operations("GetOperation", { name });
    await running.operations("CancelOperation", { name });
    const { body } = await running.rest("GET", "/emulator/v1/operations");
    const [operation] = body["operations"] as object[];
    expect(operation).to.deep.include({ name, polls: 2, cancels: 1 });
    expect((await running.rest("GET", "/emulator/v1/calls")).body).to.deep.equal({
      calls: { AsyncBatchAnnotateImages: 1, GetOperation: 2, CancelOperation: 1 },
    });
  });

  it("set, show and delete fault rules", async () => {
    const rule = { method: "GetOperation", status: { code: "ABORTED", message: "x" } };
    const put = await running.rest("PUT", "/emulator/v1/faults", { rules: [rule] });
    expect(put).to.deep.equal({ status: 200, body: { rules: [rule] } });
    expect((await running.rest("GET", "/v1/operations/x")).status).to.equal(409);
    expect((await running.rest("GET", "/emulator/v1/faults")).body).to.deep.equal({
      rules: [rule],
    });
    await running.rest("DELETE", "/emulator/v1/faults");
    expect((await running.rest("GET", "/v1/operations/x")).status).to.equal(404);
  });

  it("refuse rules that cannot be used and keep the old ones", async () => {
    running.emulator.admin.setFaults([{ delayMs: 1 }]);
    const { status, body } = await running.rest("PUT", "/emulator/v1/faults", [{ nth: 0 }]);
    expect(status).to.equal(400);
    expect(JSON.stringify(body)).to.include("rule 0: nth must be an integer from 1");
    expect(running.emulator.admin.faults()).to.deep.equal([{ delayMs: 1 }]);
  });

  it("hold operations and release them", async () => {
    await running.rest("PUT", "/emulator/v1/hold", { hold: true });
    const operationName = await running.submit(imagesRequest(1));
    const release = (): Promise<unknown> =>
      running
        .rest("POST", "/emulator/v1/release", { operationName })
        .then(({ body }) => body["released"]);
    await until(async () => (await release()) === true);
    await until(() => running.emulator.admin.operations()[0]?.done === true);
    expect(await release()).to.equal(false);
    expect((await running.rest("PUT", "/emulator/v1/hold", {})).status).to.equal(400);
  });

  it("forget everything at a reset, also what is held", async () => {
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(1));
    expect((await running.rest("POST", "/emulator/v1/reset")).status).to.equal(200);
    expect((await running.operations("GetOperation", { name })).code).to.equal("NOT_FOUND");
    expect(await submits()).to.deep.equal([]);
    await running.done(await running.submit(imagesRequest(1)));
  });

  it("say what there is to someone who asks for something else", async () => {
    const { status, body } = await running.rest("GET", "/emulator/v1/secrets");
    expect(status).to.equal(404);
    expect(JSON.stringify(body)).to.include("GET /emulator/v1/submits");
  });
});
