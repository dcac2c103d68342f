import { expect } from "chai";
import { RpcError, SubmitError, VisionBatchClient, VisionBatchError } from "../src/index.ts";
import { apiVersions } from "../src/protocol/api-version.ts";
import { loadServices } from "../src/protocol/method-table.ts";
import { imagesRequest, TestEmulator } from "./fixtures/emulator.ts";
import { accept, startGrpcServer } from "./fixtures/grpc-server.ts";
import { recordingLogger } from "./fixtures/recording-logger.ts";
import { rejection } from "./fixtures/rejection.ts";

describe("VisionBatchClient", () => {
  let emulator: TestEmulator;

  before(async () => {
    emulator = await TestEmulator.start();
  });

  beforeEach(async () => {
    await emulator.emulator.admin.reset();
  });

  after(async () => {
    await emulator.close();
  });

  const open = () => new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc } });
  const image = {
    image: { source: { imageUri: "gs://inputs/a.png" } },
    features: [{ type: "LABEL_DETECTION" as const }],
  };
  const outputConfig = { gcsDestination: { uri: "gs://out/x/" } };
  const file = {
    inputConfig: { gcsSource: { uri: "gs://inputs/a.pdf" }, mimeType: "application/pdf" },
    features: [{ type: "DOCUMENT_TEXT_DETECTION" as const }],
    outputConfig,
  };

  it("has the host and the scopes that the descriptors of every version name", async () => {
    for (const version of apiVersions) {
      const { ImageAnnotator } = await loadServices(version);
      expect(ImageAnnotator.defaultHost).to.equal("vision.googleapis.com");
      expect(ImageAnnotator.scopes).to.deep.equal([
        "https://www.googleapis.com/auth/cloud-platform",
        "https://www.googleapis.com/auth/cloud-vision",
      ]);
    }
  });

  it("annotates at once and answers with typed messages", async () => {
    await using client = open();
    const { responses } = await client.batchAnnotateImages({ requests: [image] });
    expect(responses[0]?.labelAnnotations[0]).to.include({ description: "cat", score: 0.5 });
  });

  it("submits images with v1 and v1p4beta1, files with every version that has them", async () => {
    const emulated = { emulator: { grpc: emulator.emulator.grpc } };
    for (const version of ["v1", "v1p4beta1"] as const) {
      await using client = new VisionBatchClient({ ...emulated, version });
      const handle = await client.asyncBatchAnnotateImages({ requests: [image], outputConfig });
      expect((await handle.wait()).outputConfig).to.have.nested.property("gcsDestination.uri");
    }
    for (const version of ["v1", "v1p2beta1", "v1p3beta1", "v1p4beta1"] as const) {
      await using client = new VisionBatchClient({ ...emulated, version });
      const handle = await client.asyncBatchAnnotateFiles({ requests: [file] });
      const last = await lastOf(handle);
      expect(last?.type).to.be.oneOf(["succeeded", "failed"]);
      const { operation } = await handle.poll();
      expect(operation.metadata?.typeUrl).to.contain(`.${version}.OperationMetadata`);
    }
    const versions = emulator.emulator.admin.submits().map((submit) => submit.version);
    expect(versions).to.deep.equal([
      "v1",
      "v1p4beta1",
      "v1",
      "v1p2beta1",
      "v1p3beta1",
      "v1p4beta1",
    ]);
  });

  it("refuses, before anything is sent, a method that the version has not", async () => {
    await using client = new VisionBatchClient({
      version: "v1p3beta1",
      emulator: { grpc: "127.0.0.1:1" },
    });
    const untyped = client as unknown as VisionBatchClient;
    const error = await rejection(
      untyped.asyncBatchAnnotateImages({ requests: [image], outputConfig }),
    );
    expect(error)
      .to.have.property("message")
      .that.contains("v1p3beta1 has no asyncBatchAnnotateImages");
  });

  it("lists operations page after page, each a handle that knows its state", async () => {
    await using client = open();
    const names: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const handle = await client.asyncBatchAnnotateImages({
        requests: [image],
        outputConfig: { gcsDestination: { uri: `gs://out/list/${count}/` } },
      });
      await handle.wait();
      names.push(handle.name);
    }
    const polls = emulator.emulator.admin.calls("GetOperation");
    const listed: string[] = [];
    for await (const handle of client.listOperations({ name: "projects/emulator", pageSize: 2 })) {
      listed.push(handle.name);
      await handle.wait();
    }
    expect(listed).to.have.members(names);
    expect(emulator.emulator.admin.calls("ListOperations")).to.equal(3);
    expect(emulator.emulator.admin.calls("GetOperation")).to.equal(polls);
  });

  it("ends a list with the reason of its signal, within a page too", async () => {
    await using client = open();
    for (const page of [1, 2]) {
      const outputConfig = { gcsDestination: { uri: `gs://out/listed/${page}/` } };
      await client.asyncBatchAnnotateImages({ requests: [image], outputConfig });
    }
    const controller = new AbortController();
    const list = client.listOperations({ name: "projects/emulator", signal: controller.signal });
    expect((await list.next()).done).to.equal(false);
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await rejection(list.next())).to.equal(reason);
  });

  it("says that a server does not list", async () => {
    const silent = await TestEmulator.start({ listSupported: false });
    await using client = new VisionBatchClient({ emulator: { grpc: silent.emulator.grpc } });
    expect(await rejection(client.listOperations().next())).to.include({ code: "UNIMPLEMENTED" });
    await silent.close();
  });

  it("names the location in the parent of a request that has none", async () => {
    const server = await startGrpcServer([
      (_call, callback) => {
        callback(null, { name: "operations/x", done: false });
      },
    ]);
    const options = { emulator: { grpc: server.address }, location: "eu", projectId: "p" } as const;
    await using client = new VisionBatchClient(options);
    await client.asyncBatchAnnotateImages({ requests: [image], outputConfig });
    await client.asyncBatchAnnotateImages({
      requests: [image],
      outputConfig,
      parent: "projects/q",
    });
    await client.asyncBatchAnnotateImages({ requests: [image], outputConfig, parent: "" });
    expect(server.calls.map((call) => (call.request as { parent: string }).parent)).to.deep.equal([
      "projects/p/locations/eu",
      "projects/q",
      "projects/p/locations/eu",
    ]);
    await client.close();
    server.stop();
  });

  it("refuses a location whose project nobody knows", async () => {
    await using client = new VisionBatchClient({
      emulator: { grpc: "127.0.0.1:1" },
      location: "eu",
    });
    const error = await rejection(
      client.asyncBatchAnnotateImages({ requests: [image], outputConfig }),
    );
    expect(error).to.be.instanceOf(VisionBatchError);
    expect(error).to.have.property("message").that.contains("projectId");
  });

  it("takes a signal with each call", async () => {
    await using client = open();
    const reason = new Error("stop");
    const submit = client.asyncBatchAnnotateImages(
      { requests: [image], outputConfig },
      { signal: AbortSignal.abort(reason) },
    );
    expect(await rejection(submit)).to.equal(reason);
    expect(emulator.emulator.admin.submits()).to.have.length(0);
  });

  it("takes headers and a time limit with each call", async () => {
    const server = await startGrpcServer([accept, () => undefined]);
    await using client = new VisionBatchClient({ emulator: { grpc: server.address } });
    const options = { headers: { "X-Mine": "1" }, timeoutMs: 5000 };
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1), options);
    expect(server.calls[0]?.metadata.get("x-mine")).to.deep.equal(["1"]);
    expect(await rejection(handle.poll({ timeoutMs: 50 }))).to.include({
      code: "DEADLINE_EXCEEDED",
    });
    const lost = await rejection(
      client.asyncBatchAnnotateImages(imagesRequest(1), { timeoutMs: 50 }),
    );
    expect(lost).to.be.instanceOf(SubmitError);
    expect(lost).to.include({ code: "DEADLINE_EXCEEDED", outcome: "unknown" });
    await client.close();
    server.stop();
  });

  it("ends waits and refuses calls once it is closed", async () => {
    emulator.emulator.admin.holdOperations(true);
    const client = open();
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
    const waiting = rejection(handle.wait());
    await handle.poll();
    await client.close();
    const closed = { code: "FAILED_PRECONDITION", operationName: handle.name };
    expect(await waiting)
      .to.be.instanceOf(RpcError)
      .and.include(closed);
    expect(await rejection(handle.wait())).to.include(closed);
    expect(await rejection(handle.cancel())).to.include(closed);
    expect(await rejection(client.asyncBatchAnnotateImages(imagesRequest(1)))).to.include({
      code: "FAILED_PRECONDITION",
      outcome: "rejected",
    });
    expect(emulator.emulator.admin.submits()).to.have.length(1);
    await client.close();
  });

  it("is closed at the end of its block by `await using`", async () => {
    let kept: VisionBatchClient;
    {
      await using client = open();
      kept = client;
      await client.asyncBatchAnnotateImages(imagesRequest(1));
    }
    const error = await rejection(kept.asyncBatchAnnotateImages(imagesRequest(1)));
    expect(error).to.have.property("message").that.contains("the client is closed");
  });

  it("warns of a token from another host, and tells what it does about an abort", async () => {
    emulator.emulator.admin.holdOperations(true);
    const { logger, entries } = recordingLogger();
    await using client = new VisionBatchClient({
      emulator: { grpc: emulator.emulator.grpc },
      logger,
    });
    const { name } = await client.asyncBatchAnnotateImages(imagesRequest(1));
    const type = "vision-batch/operation";
    const handle = client.operation({ type, version: 1, name, host: "eu-vision.googleapis.com" });
    const signal = AbortSignal.abort(new Error("stop"));
    await rejection(handle.wait({ signal, cancelOnAbort: true }));
    expect(entries).to.deep.equal([
      ["warn", { operation: name, startedAt: "eu-vision.googleapis.com", askedAt: "127.0.0.1" }],
      ["info", { operation: name, outcome: "requested" }],
    ]);
  });

  describe("refuses, when it is created, what plain JavaScript may pass", () => {
    const schedule = { initialMs: 1, multiplier: 1, maxMs: 1, jitter: 0 };
    const faulty: Record<string, unknown> = {
      version: "v2",
      location: "mars",
      projectId: 7,
      keyFilename: "",
      credentials: "{}",
      authClient: {},
      endpoint: 443,
      emulator: "127.0.0.1:1",
      emulater: { grpc: "127.0.0.1:1" },
      logger: { warn: () => undefined },
      clock: Date,
      pollSchedule: { ...schedule, initialMs: 0 },
      pollsPerMinute: 1801,
      telemetry: "statsd",
    };
    for (const [name, value] of Object.entries(faulty)) {
      it(name, () => {
        expect(() => new VisionBatchClient({ [name]: value })).to.throw(VisionBatchError, name);
      });
    }

    it("several at once, naming each", () => {
      const create = (): unknown => new VisionBatchClient({ version: "v2", typo: 1 } as object);
      expect(create).to.throw(VisionBatchError, /version must be one of v1, .*; .*no option typo/);
    });

    it("a reference that is none", () => {
      const client = open();
      for (const reference of [undefined, null, 5, {}, []]) {
        expect(() => client.operation(reference as never)).to.throw(VisionBatchError);
      }
    });
  });

  it("finds the emulator by VISION_EMULATOR_HOST", async () => {
    process.env["VISION_EMULATOR_HOST"] = emulator.emulator.grpc;
    try {
      await using client = new VisionBatchClient();
      const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
      expect(handle.name).to.match(/^projects\/emulator\/operations\//);
    } finally {
      delete process.env["VISION_EMULATOR_HOST"];
    }
  });
});

async function lastOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  let last: T | undefined;
  for await (const item of items) last = item;
  return last;
}
