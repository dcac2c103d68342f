import { expect } from "chai";
import { VisionBatchClient } from "../../src/index.ts";
import { createWorker, type CreateWorkerOptions, type Worker } from "../../src/workers/index.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "../workers/workers-fixture.ts";
import { expectClosedLabels } from "./closed-labels.ts";
import { linkedIds, RecordedTelemetry } from "./recorded-telemetry.ts";

const submitMethod = "google.cloud.vision.v1.ImageAnnotator/AsyncBatchAnnotateImages";

describe("the spans of workers", function () {
  this.timeout(40_000);
  let fixture: WorkersFixture;
  let recorded: RecordedTelemetry;
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
    recorded = new RecordedTelemetry();
  });

  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
    await recorded.close();
    await fixture.close();
  });

  /** A worker with a client of its own, as in a process of its own. */
  async function start(
    asked: { readonly telemetry?: "opentelemetry" },
    options: Partial<CreateWorkerOptions> = {},
  ): Promise<Worker> {
    const client = new VisionBatchClient({ emulator: fixture.runs.addresses, ...asked });
    const quick = { pollIntervalMs: 500, lookIntervalMs: 1000, leaseMs: 3000 };
    const worker = await createWorker({ journal: fixture.url, client, ...quick, ...options });
    opened.push(worker, client);
    return worker;
  }

  it("link what one has submitted to what another sees and reads of it, and hand on within the reading", async () => {
    fixture.admin.holdOperations(true);
    const service = await fixture.service();
    const first = await start(on);
    const run = await service.start(request(20));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    await first.close();
    const submits = recorded.spans(submitMethod);
    expect(submits).to.have.lengthOf(2);
    await start(on);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    await run.wait();
    for (const submit of submits) {
      const { spanId } = submit.spanContext();
      const linked = recorded.spans().filter((span) => linkedIds(span).includes(spanId));
      expect(linked.map(({ name }) => name).sort()).to.deep.equal([
        ...["vision_batch.collect", "vision_batch.deliver", "vision_batch.wait"],
      ]);
      const [collect, deliver, wait] = linked.sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(deliver?.parentSpanContext?.spanId).to.equal(collect?.spanContext().spanId);
      expect(collect?.parentSpanContext).to.equal(undefined);
      expect(wait?.parentSpanContext).to.equal(undefined);
      const sameChunk = ["vision_batch.run.id", "vision_batch.chunk.number"] as const;
      for (const name of sameChunk) {
        expect(wait?.attributes[name]).to.equal(submit.attributes[name]);
        expect(deliver?.attributes[name]).to.equal(submit.attributes[name]);
      }
    }
    const jobs = await recorded.sums("vision_batch.jobs", "vision_batch.job.queue");
    expect(jobs).to.include.keys("look", "submit", "follow", "collect");
    const all = await recorded.metrics();
    expectClosedLabels(all);
    expect(JSON.stringify(all)).to.not.match(/scans|gs:|operations\//);
  });

  it("tell of a sink that throws, and of the second time, which is linked to the submit as well", async () => {
    let calls = 0;
    await start(on, {
      onResults: async (_chunk, records) => {
        calls++;
        for await (const _record of records);
        if (calls === 1) throw new Error("not now");
      },
    });
    const run = await (await fixture.service()).start(request(10));
    await run.wait();
    await until(() => recorded.spans("vision_batch.deliver").length === 2);
    const [refused, taken] = recorded.spans("vision_batch.deliver");
    expect(refused?.attributes).to.include({ "error.type": "_OTHER" });
    expect(refused?.status.message).to.equal("not now");
    expect(taken?.attributes).to.not.have.property("error.type");
    expect(taken?.parentSpanContext).to.equal(undefined);
    const { spanId } = recorded.span(submitMethod).spanContext();
    expect(taken === undefined ? [] : linkedIds(taken)).to.deep.equal([spanId]);
  });

  it("come with the same metrics as Prometheus reads, from the same places", async () => {
    const worker = await start(on, { metricsPort: 0 });
    const run = await (await fixture.service()).start(request(20));
    await run.wait();
    const read = async (): Promise<string> => {
      const answer = await fetch(`http://${worker.metricsAddress ?? ""}/metrics`);
      return answer.text();
    };
    const inputs = `vision_batch_inputs_total{vision_batch_input_status="succeeded",vision_batch_chunk_kind="image"} 20`;
    await until(async () => sorted(await read()).includes(sorted(inputs)));
    const text = await read();
    const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    for (const { name } of await recorded.metrics()) {
      const underscored = name.replaceAll(".", "_");
      const known = names.some((each) => each?.startsWith(underscored));
      expect(known, `${name} among ${names.join(", ")}`).to.equal(true);
    }
    expect(text).to.match(
      /^rpc_client_call_duration_seconds_count\{.*AsyncBatchAnnotateImages.*\} 2$/m,
    );
    expect(text).to.match(/^vision_batch_collect_size_bytes_total [1-9]/m);
    expect(text).to.not.match(/scans|gs:|operations\//);
  });

  it("are none where nobody asks, and Prometheus has its metrics all the same", async () => {
    const worker = await start({}, { metricsPort: 0 });
    const run = await (await fixture.service()).start(request(10));
    await run.wait();
    expect(recorded.spans()).to.deep.equal([]);
    expect(await recorded.metrics()).to.deep.equal([]);
    const text = await (await fetch(`http://${worker.metricsAddress ?? ""}/metrics`)).text();
    expect(text).to.match(/^vision_batch_submits_total\{.*accepted.*\} 1$/m);
  });
});

const on = { telemetry: "opentelemetry" } as const;

/** The labels of a line come in any order. */
function sorted(text: string): string {
  return text.replaceAll(/\{(.*)\}/g, (_, labels: string) => {
    return `{${labels.split(",").sort().join(",")}}`;
  });
}
