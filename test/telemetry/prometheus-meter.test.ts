import { expect } from "chai";
import { metrics } from "../../src/telemetry/index.ts";
import { openPrometheusMeter } from "../../src/telemetry/prometheus-meter.ts";

describe("metrics for Prometheus", () => {
  it("have the names that OpenTelemetry gives them there", async () => {
    const text = await (await openPrometheusMeter()).read();
    const typeOf: unknown = Object.fromEntries(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]),
    );
    expect(typeOf).to.have.all.keys(Object.values(metrics).map(({ name }) => nameOf(name)));
    expect(typeOf).to.include({
      ...{ rpc_client_call_duration_seconds: "histogram", vision_batch_jobs_total: "counter" },
      ...{ vision_batch_collect_size_bytes_total: "counter", vision_batch_chunks_held: "gauge" },
    });
  });

  it("are counted by their labels, of which some may be absent", async () => {
    const meter = await openPrometheusMeter();
    const state = { "vision_batch.chunk.state": "running" };
    meter.add(metrics.chunksHeld, 2, state);
    meter.add(metrics.chunksHeld, -1, state);
    meter.add(metrics.polls, 3, {});
    meter.add(metrics.polls, 1, { "error.type": "UNAVAILABLE" });
    meter.record(metrics.collectDuration, 0.02, {});
    const lines = (await meter.read()).split("\n");
    expect(lines).to.include.members([
      'vision_batch_chunks_held{vision_batch_chunk_state="running"} 1',
      "vision_batch_operation_polls_total 3",
      'vision_batch_operation_polls_total{error_type="UNAVAILABLE"} 1',
      'vision_batch_collect_duration_seconds_bucket{le="0.05"} 1',
      "vision_batch_collect_duration_seconds_sum 0.02",
    ]);
  });
});

function nameOf(name: string): string {
  const { kind, unit } = Object.values(metrics).find((metric) => metric.name === name) ?? {};
  const suffix = unit === "s" ? "_seconds" : unit === "By" ? "_bytes" : "";
  return `${name.replaceAll(".", "_")}${suffix}${kind === "counter" ? "_total" : ""}`;
}
