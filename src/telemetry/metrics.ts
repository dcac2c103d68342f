/** What is measured: a sum that only grows, a sum that rises and falls, or how often values of a size came. */
export type MetricKind = "counter" | "upDownCounter" | "histogram";

/** A metric: its name after the semantic conventions of OpenTelemetry, and all labels that it may have. */
export interface Metric<Label extends string = string, Kind extends MetricKind = MetricKind> {
  readonly name: string;
  readonly kind: Kind;
  /** As UCUM writes it; what is only counted stands in braces. */
  readonly unit: string;
  readonly description: string;
  /** Each has few values, whatever is annotated: no URIs, no ids, no names of operations. */
  readonly labels: readonly Label[];
  /** Of a histogram: the upper bounds. */
  readonly buckets?: readonly number[];
}

/** The labels of one value; what does not apply is absent. */
export type Labels<Label extends string = string> = Readonly<
  Partial<Record<Label, string | number>>
>;

function metric<const Label extends string, const Kind extends MetricKind>(
  kind: Kind,
  fields: Omit<Metric<Label, Kind>, "kind">,
): Metric<Label, Kind> {
  return { kind, ...fields };
}

/** How long the service is called; the bounds are those of the conventions. */
const callBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** An operation takes from seconds to hours. */
const operationBuckets = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400];
/** The results of 2,000 documents take minutes. */
const readBuckets = [0.01, 0.05, 0.2, 1, 5, 20, 60, 300];

/** All that is measured. */
export const metrics = {
  callDuration: metric("histogram", {
    ...{ name: "rpc.client.call.duration", unit: "s", buckets: callBuckets },
    description: "How long a call of the service took, each attempt by itself.",
    labels: [
      ...["rpc.system.name", "rpc.method", "rpc.response.status_code", "error.type"],
      ...["server.address", "server.port"],
    ],
  }),
  submits: metric("counter", {
    ...{ name: "vision_batch.submits", unit: "{request}" },
    description: "Requests that are sent once, by what became of them.",
    labels: ["rpc.method", "vision_batch.submit.outcome", "error.type"],
  }),
  retries: metric("counter", {
    ...{ name: "vision_batch.retries", unit: "{retry}" },
    description:
      "Reads that were repeated, and submits that are made again since they were refused.",
    labels: ["vision_batch.retry.kind", "error.type"],
  }),
  polls: metric("counter", {
    ...{ name: "vision_batch.operation.polls", unit: "{read}" },
    description: "Reads of operations.",
    labels: ["error.type"],
  }),
  operationDuration: metric("histogram", {
    ...{ name: "vision_batch.operation.duration", unit: "s", buckets: operationBuckets },
    description: "How long operations took that were seen to end.",
    labels: ["vision_batch.operation.kind", "vision_batch.operation.state"],
  }),
  steps: metric("counter", {
    ...{ name: "vision_batch.steps", unit: "{step}" },
    description: "Steps of chunks, by the state they led to.",
    labels: ["vision_batch.chunk.state"],
  }),
  inputs: metric("counter", {
    ...{ name: "vision_batch.inputs", unit: "{input}" },
    description: "Images and files that came to their end, by status.",
    labels: ["vision_batch.chunk.kind", "vision_batch.input.status"],
  }),
  collectDuration: metric("histogram", {
    ...{ name: "vision_batch.collect.duration", unit: "s", buckets: readBuckets },
    description: "How long the output of a chunk was read.",
    labels: ["error.type"],
  }),
  collectSize: metric("counter", {
    ...{ name: "vision_batch.collect.size", unit: "By" },
    description: "Bytes of output that were read.",
    labels: [],
  }),
  chunksHeld: metric("upDownCounter", {
    ...{ name: "vision_batch.chunks.held", unit: "{chunk}" },
    description: "Chunks that are worked on, by state.",
    labels: ["vision_batch.chunk.state"],
  }),
  activities: metric("upDownCounter", {
    ...{ name: "vision_batch.activities", unit: "{activity}" },
    description: "What is under way.",
    labels: ["vision_batch.activity"],
  }),
  journalFailures: metric("counter", {
    ...{ name: "vision_batch.journal.failures", unit: "{failure}" },
    description: "Times that the journal was of no use.",
    labels: [],
  }),
  jobs: metric("counter", {
    ...{ name: "vision_batch.jobs", unit: "{job}" },
    description: "Jobs that a worker did, by queue and outcome.",
    labels: ["vision_batch.job.queue", "vision_batch.job.outcome"],
  }),
  jobsDead: metric("counter", {
    ...{ name: "vision_batch.jobs.dead", unit: "{job}" },
    description: "Jobs that failed too often, by queue.",
    labels: ["vision_batch.job.queue"],
  }),
  jobsDuration: metric("histogram", {
    ...{ name: "vision_batch.jobs.duration", unit: "s", buckets: readBuckets },
    description: "How long jobs took that came together.",
    labels: ["vision_batch.job.queue"],
  }),
} as const;
