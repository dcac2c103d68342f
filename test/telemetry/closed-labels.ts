import { expect } from "chai";
import { metrics } from "../../src/telemetry/index.ts";
import type { RecordedMetric } from "./recorded-telemetry.ts";

const codes = [
  ...["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND"],
  ...["ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION"],
  ...["ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"],
  "UNAUTHENTICATED",
];
const states = [
  ...["planned", "submitting", "unknown", "running", "collecting", "done", "failed", "cancelled"],
];
const statuses = ["succeeded", "partial", "failed", "missing", "notSubmitted", "retried"];
const method =
  /^google\.(?:cloud\.vision\.v1(?:p\dbeta1)?\.\w+|longrunning\.Operations)\/[A-Z]\w+$/;

/** What a label may be, whatever is annotated. */
const allowed: Readonly<Record<string, readonly string[] | RegExp>> = {
  "rpc.system.name": ["grpc", "http"],
  "rpc.method": method,
  "rpc.response.status_code": codes,
  "error.type": [...codes, "StorageError", "AbortError", "TimeoutError", "_OTHER"],
  "server.address": ["127.0.0.1"],
  "server.port": /^\d+$/,
  "vision_batch.submit.outcome": ["accepted", "rejected", "unknown"],
  "vision_batch.retry.kind": ["read", "submit"],
  "vision_batch.operation.kind": ["asyncBatchAnnotateImages", "asyncBatchAnnotateFiles", "_OTHER"],
  "vision_batch.operation.state": ["succeeded", "failed", "cancelled"],
  "vision_batch.chunk.state": states,
  "vision_batch.chunk.kind": ["image", "file"],
  "vision_batch.input.status": statuses,
  "vision_batch.activity": ["submit", "wait", "collect", "deliver"],
  "vision_batch.job.queue": ["look", "submit", "follow", "collect", "deliver"],
  "vision_batch.job.outcome": ["done", "failed"],
};

/** Expects of all metrics that each is one that is known, with labels of few values. */
export function expectClosedLabels(recorded: readonly RecordedMetric[]): void {
  const known = new Map(Object.values(metrics).map((metric) => [metric.name, metric]));
  expect(recorded).to.not.be.empty;
  for (const { name, unit, values } of recorded) {
    const metric = known.get(name);
    expect(metric?.unit, name).to.equal(unit);
    for (const { labels } of values) {
      for (const [label, value] of Object.entries(labels)) {
        expect(metric?.labels, name).to.include(label);
        const values = allowed[label];
        if (values instanceof RegExp) expect(String(value), label).to.match(values);
        else expect(values, label).to.include(value);
      }
    }
  }
}
