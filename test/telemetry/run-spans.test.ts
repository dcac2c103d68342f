import { trace } from "@opentelemetry/api";
import { expect } from "chai";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { openRuns, type Runs } from "../../src/index.ts";
import { fastClock } from "../runs/fast-clock.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { until } from "../fixtures/emulator.ts";
import { expectClosedLabels } from "./closed-labels.ts";
import { linkedIds, RecordedTelemetry } from "./recorded-telemetry.ts";

const submitMethod = "google.cloud.vision.v1.ImageAnnotator/AsyncBatchAnnotateImages";
const on = { telemetry: "opentelemetry" } as const;
const waitName = "vision_batch.wait";
const collectName = "vision_batch.collect";

describe("the spans of a run", () => {
  let fixture: RunsFixture;
  let recorded: RecordedTelemetry;
  const opened: Runs[] = [];

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    recorded = new RecordedTelemetry();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((runs) => runs.close()));
    await recorded.close();
    await fixture.close();
  });

  async function open(asked: { readonly telemetry?: "opentelemetry" } = on): Promise<Runs> {
    const { journal, addresses: emulator } = fixture;
    const base = { journal, leaseMs: 300_000, clock: fastClock(100) };
    const runs = await openRuns({ ...base, client: { emulator, ...asked } });
    opened.push(runs);
    return runs;
  }

  /** Expects a wait and a collect of every chunk, each a root that is linked to the submit of its chunk and to nothing else. */
  function expectLinks(chunks: number): void {
    const submits = new Map(recorded.spans(submitMethod).map((span) => [numberOf(span), span]));
    expect(submits.size).to.equal(chunks);
    for (const name of [waitName, collectName]) {
      const spans = recorded.spans(name);
      expect(spans.map(numberOf).sort(), name).to.deep.equal([...submits.keys()].sort());
      for (const span of spans) {
        const submit = submits.get(numberOf(span))?.spanContext();
        expect(span.parentSpanContext, name).to.equal(undefined);
        expect(linkedIds(span), name).to.deep.equal([submit?.spanId]);
        expect(span.spanContext().traceId).to.not.equal(submit?.traceId);
      }
    }
  }

  it("are one of each chunk's submit, wait and reading, linked, and none is over the run", async () => {
    const runs = await open();
    const caller = await trace.getTracer("test").startActiveSpan("caller", async (span) => {
      await (await runs.start(request(30))).wait();
      span.end();
      return span.spanContext();
    });
    expectLinks(3);
    const names = new Set(recorded.spans().map(({ name }) => name));
    expect([...names].sort()).to.deep.equal(["caller", submitMethod, collectName, waitName].sort());
    for (const span of recorded.spans(submitMethod)) {
      expect(span.parentSpanContext).to.equal(undefined);
      expect(span.spanContext().traceId).to.not.equal(caller.traceId);
      expect(span.attributes).to.include({
        ...{ "vision_batch.run.id": "scans", "vision_batch.chunk.attempt": 1 },
        ...{ "vision_batch.chunk.kind": "image", "vision_batch.inputs": 10 },
      });
    }
    const [collect] = recorded.spans(collectName);
    expect(collect?.attributes["vision_batch.collect.bytes"]).to.be.above(0);
    expect(collect?.attributes["vision_batch.collect.shards"]).to.equal(1);
  });

  it("come with metrics whose labels have few values", async () => {
    await (await (await open()).start(request(30))).wait();
    const sums = (name: string, label = "") => recorded.sums(`vision_batch.${name}`, label);
    expect(await sums("inputs", "vision_batch.input.status")).to.deep.equal({ succeeded: 30 });
    expect(await sums("submits", "vision_batch.submit.outcome")).to.deep.equal({ accepted: 3 });
    expect(await sums("collect.duration", "error.type")).to.deep.equal({ undefined: 3 });
    const states = await sums("steps", "vision_batch.chunk.state");
    expect(states).to.include({ collecting: 3, done: 3 });
    const { undefined: bytes } = await sums("collect.size");
    const read = recorded.spans(collectName).map(({ attributes }) => {
      return Number(attributes["vision_batch.collect.bytes"]);
    });
    expect(bytes).to.equal(read.reduce((sum, each) => sum + each));
    const all = await recorded.metrics();
    expectClosedLabels(all);
    expect(JSON.stringify(all)).to.not.match(/scans|gs:|operations\//);
  });

  it("link what was submitted by a process that is gone to what another one sees of it", async () => {
    fixture.admin.holdOperations(true);
    const before = await open();
    const run = await before.start(request(20));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    await before.close();
    expect(recorded.spans(waitName)).to.deep.equal([]);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    const again = await (await open()).resume("scans");
    await again.wait();
    expectLinks(2);
    for (const wait of recorded.spans(waitName)) {
      const submit = recorded.spans(submitMethod).find((span) => numberOf(span) === numberOf(wait));
      expect(wait.attributes["vision_batch.operation.state"]).to.equal("succeeded");
      expect(submit?.ended).to.equal(true);
      expect(toMs(wait.endTime)).to.be.above(toMs(wait.startTime));
    }
  });

  it("tell of what is worked on while it is", async () => {
    fixture.admin.holdOperations(true);
    const run = await (await open()).start(request(20));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    const held = await recorded.sums("vision_batch.chunks.held", "vision_batch.chunk.state");
    expect(held).to.deep.equal({ planned: 0, submitting: 0, running: 2 });
    await opened.shift()?.close();
    const after = await recorded.sums("vision_batch.chunks.held", "vision_batch.chunk.state");
    expect(Object.values(after)).to.deep.equal(Array(Object.keys(after).length).fill(0));
  });

  it("tell of submits that were refused, and that they are made again", async () => {
    const status = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
    fixture.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
    await (await (await open()).start(request(10))).wait();
    const [refused, accepted] = recorded.spans(submitMethod);
    expect(refused?.attributes).to.include({
      ...{ "error.type": "RESOURCE_EXHAUSTED", "vision_batch.chunk.attempt": 1 },
    });
    expect(accepted?.attributes).to.include({ "vision_batch.chunk.attempt": 2 });
    const retries = await recorded.sums("vision_batch.retries", "vision_batch.retry.kind");
    expect(retries).to.include({ submit: 1 });
    expectClosedLabels(await recorded.metrics());
  });

  it("tell of operations that failed, and of output that cannot be read", async () => {
    const failure = { code: "INVALID_ARGUMENT", message: "no" } as const;
    const forbidden = { code: "PERMISSION_DENIED", message: "not yours" } as const;
    fixture.admin.setFaults([
      { when: "operation", status: failure },
      { service: "storage", method: "objects.list", nth: 2, status: forbidden },
    ]);
    const run = await (await open()).start(request(10));
    await until(() => recorded.spans(collectName).length > 0);
    const [wait] = recorded.spans(waitName);
    expect(wait?.attributes).to.include({
      ...{ "error.type": "INVALID_ARGUMENT", "vision_batch.operation.state": "failed" },
    });
    const [collect] = recorded.spans(collectName);
    expect(collect?.attributes).to.include({ "error.type": "StorageError" });
    await run.wait().catch(() => undefined);
    expectClosedLabels(await recorded.metrics());
  });

  it("are none where nobody asks for them", async () => {
    await (await (await open({})).start(request(10))).wait();
    expect(recorded.spans()).to.deep.equal([]);
    expect(await recorded.metrics()).to.deep.equal([]);
  });
});

function numberOf({ attributes }: ReadableSpan): number {
  return Number(attributes["vision_batch.chunk.number"]);
}

function toMs([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6;
}
