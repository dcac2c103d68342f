import { readFile } from "node:fs/promises";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { expect } from "chai";
import { VisionBatchClient, type OperationToken } from "../../src/index.ts";
import { imagesRequest, TestEmulator } from "../fixtures/emulator.ts";
import { rejection } from "../fixtures/rejection.ts";
import { linkedIds, RecordedTelemetry } from "./recorded-telemetry.ts";

const submitMethod = "google.cloud.vision.v1.ImageAnnotator/AsyncBatchAnnotateImages";
const annotateMethod = "google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages";

describe("the spans of a client", () => {
  let test: TestEmulator;
  let recorded: RecordedTelemetry;
  let client: VisionBatchClient;
  const clients: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    test = await TestEmulator.start();
    recorded = new RecordedTelemetry();
    client = open();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((each) => each.close()));
    await recorded.close();
    await test.close();
  });

  function open(options: { readonly telemetry?: "opentelemetry" } = on): VisionBatchClient {
    const { grpc, http: rest } = test.emulator;
    const opened = new VisionBatchClient({ emulator: { grpc, rest }, ...options });
    clients.push(opened);
    return opened;
  }

  it("tell of a submit as a call of the service, the child of its caller's span", async () => {
    const tracer = trace.getTracer("test");
    const caller = await tracer.startActiveSpan("caller", async (span) => {
      await client.asyncBatchAnnotateImages(imagesRequest(3));
      span.end();
      return span;
    });
    const span = recorded.span(submitMethod);
    expect(span.kind).to.equal(SpanKind.CLIENT);
    expect(span.parentSpanContext?.spanId).to.equal(caller.spanContext().spanId);
    const port = Number(/:(\d+)$/.exec(test.emulator.grpc)?.[1]);
    expect(span.attributes).to.deep.equal({
      "rpc.system.name": "grpc",
      "rpc.method": submitMethod,
      "rpc.response.status_code": "OK",
      "server.address": "127.0.0.1",
      "server.port": port,
      "vision_batch.inputs": 3,
      "vision_batch.submit.outcome": "accepted",
    });
    expect(span.status.code).to.equal(SpanStatusCode.UNSET);
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    expect(span.instrumentationScope).to.include({ name: "vision-batch", version });
  });

  it("tell of a wait as a trace of its own, linked to the submit and to who waits", async () => {
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
    const caller = await trace.getTracer("test").startActiveSpan("caller", async (span) => {
      await handle.wait();
      span.end();
      return span.spanContext().spanId;
    });
    const wait = recorded.span("vision_batch.wait");
    expect(wait.parentSpanContext).to.equal(undefined);
    const submit = recorded.span(submitMethod).spanContext();
    expect(linkedIds(wait)).to.deep.equal([submit.spanId, caller]);
    expect(wait.spanContext().traceId).to.not.equal(submit.traceId);
    expect(wait.attributes).to.include({ "vision_batch.operation.name": handle.name });
  });

  it("keep the link through a token, in whichever process it is taken up", async () => {
    const submitted = await client.asyncBatchAnnotateImages(imagesRequest(1));
    const token = JSON.parse(JSON.stringify(submitted)) as OperationToken;
    await open().operation(token).wait();
    const { spanId } = recorded.span(submitMethod).spanContext();
    expect(linkedIds(recorded.span("vision_batch.wait"))).to.deep.equal([spanId]);
  });

  it("tell of what is annotated at once", async () => {
    const image = { content: Buffer.from("x") };
    const requests = [{ image, features: [{ type: "LABEL_DETECTION" }] }] as const;
    await client.batchAnnotateImages({ requests });
    expect(recorded.span(annotateMethod).attributes).to.include({
      ...{ "vision_batch.inputs": 1, "rpc.response.status_code": "OK" },
    });
  });

  for (const [code, outcome] of [
    ["PERMISSION_DENIED", "rejected"],
    ["INTERNAL", "unknown"],
  ] as const) {
    it(`tell that a submit failed with ${code}, and that what became of it is ${outcome}`, async () => {
      const status = { code, message: "so it is" };
      test.emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", status }]);
      const error = await rejection(client.asyncBatchAnnotateImages(imagesRequest(1)));
      const span = recorded.span(submitMethod);
      expect(span.status).to.deep.equal({
        ...{ code: SpanStatusCode.ERROR, message: (error as Error).message },
      });
      expect(span.attributes).to.include({
        ...{ "error.type": code, "rpc.response.status_code": code },
        "vision_batch.submit.outcome": outcome,
      });
      const submits = await recorded.sums("vision_batch.submits", "vision_batch.submit.outcome");
      expect(submits).to.deep.equal({ [outcome]: 1 });
    });
  }

  it("tell how a wait came to nothing", async () => {
    const status = { code: "INVALID_ARGUMENT", message: "bad output" } as const;
    test.emulator.admin.setFaults([{ when: "operation", status }]);
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
    await rejection(handle.wait());
    const wait = recorded.span("vision_batch.wait");
    expect(wait.attributes).to.include({ "error.type": "INVALID_ARGUMENT" });
    expect(wait.status.code).to.equal(SpanStatusCode.ERROR);
    const states = await recorded.sums(
      "vision_batch.operation.duration",
      "vision_batch.operation.state",
    );
    expect(states).to.deep.equal({ failed: 1 });
  });

  it("tell that a wait ran out of its time", async () => {
    test.emulator.admin.holdOperations(true);
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
    await rejection(handle.wait({ timeoutMs: 1 }));
    const type = recorded.span("vision_batch.wait").attributes["error.type"];
    expect(type).to.equal("WaitTimeoutError");
  });

  it("come with metrics of calls, reads that were repeated, polls and what is under way", async () => {
    const status = { code: "UNAVAILABLE", message: "not now" } as const;
    test.emulator.admin.setFaults([{ method: "ListOperations", status, nth: 1 }]);
    await client.listOperations().next();
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
    await handle.wait();
    const calls = await recorded.sums("rpc.client.call.duration", "rpc.method");
    expect(calls).to.include({ [submitMethod]: 1 });
    const codes = await recorded.sums("rpc.client.call.duration", "rpc.response.status_code");
    expect(codes).to.include({ UNAVAILABLE: 1 });
    const retries = await recorded.sums("vision_batch.retries", "vision_batch.retry.kind");
    expect(retries).to.deep.equal({ read: 1 });
    const polls = await recorded.sums("vision_batch.operation.polls", "error.type");
    expect(polls["undefined"]).to.be.at.least(1);
    const activities = await recorded.sums("vision_batch.activities", "vision_batch.activity");
    expect(activities).to.deep.equal({ submit: 0, wait: 0 });
    const kinds = await recorded.sums(
      "vision_batch.operation.duration",
      "vision_batch.operation.kind",
    );
    expect(kinds).to.deep.equal({ asyncBatchAnnotateImages: 1 });
  });

  it("are none where nobody asks for them, and tokens tell of none", async () => {
    const silent = open({});
    const handle = await silent.asyncBatchAnnotateImages(imagesRequest(1));
    await handle.wait();
    expect(handle.toJSON()).to.not.have.property("traceparent");
    expect(recorded.spans()).to.deep.equal([]);
    expect(await recorded.metrics()).to.deep.equal([]);
  });

  for (const when of ["onStart", "onEnd"] as const) {
    it(`are no reason for a call to fail, nor are metrics, where a provider throws (${when})`, async () => {
      recorded.breakDown(when);
      const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
      expect(await handle.wait()).to.have.property("outputConfig");
    });
  }

  it("are those of the caller over REST too", async () => {
    const { grpc, http: rest } = test.emulator;
    const options = { emulator: { grpc, rest }, transport: "rest", ...on } as const;
    const overRest = new VisionBatchClient(options);
    clients.push(overRest);
    await (await overRest.asyncBatchAnnotateImages(imagesRequest(1))).wait();
    expect(recorded.span(submitMethod).attributes).to.include({ "rpc.system.name": "http" });
    recorded.span("vision_batch.wait");
  });
});

const on = { telemetry: "opentelemetry" } as const;
