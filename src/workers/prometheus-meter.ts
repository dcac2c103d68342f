import { loadOptional } from "../errors/index.ts";
import type { WorkerMeter } from "./worker-meter.ts";

/** Counts for Prometheus. */
export interface PrometheusMeter extends WorkerMeter {
  readonly contentType: string;
  /** The counts as Prometheus reads them. */
  read(): Promise<string>;
}

/** Seconds: a look takes milliseconds, the results of 2,000 documents minutes. */
const buckets = [0.01, 0.05, 0.2, 1, 5, 20, 60, 300];

/** Makes a meter for Prometheus. `heldNow` tells the chunks that are worked on. @throws MissingPackageError */
export async function openPrometheusMeter(heldNow: () => number): Promise<PrometheusMeter> {
  const { Registry, Counter, Gauge, Histogram } = await loadOptional(
    ...(["prom-client", "metrics for Prometheus"] as const),
    () => import("prom-client"),
  );
  const registry = new Registry();
  const common = { registers: [registry] };
  const jobs = new Counter({
    ...{ name: "vision_batch_jobs_total", help: "Jobs that were done, by queue and outcome." },
    ...{ labelNames: ["queue", "outcome"] as const, ...common },
  });
  const dead = new Counter({
    ...{ name: "vision_batch_jobs_dead_total", help: "Jobs that failed too often, by queue." },
    ...{ labelNames: ["queue"] as const, ...common },
  });
  const seconds = new Histogram({
    ...{ name: "vision_batch_jobs_seconds", help: "How long jobs took that came together." },
    ...{ labelNames: ["queue"] as const, buckets, ...common },
  });
  const steps = new Counter({
    ...{ name: "vision_batch_steps_total", help: "Steps of chunks, by the state they led to." },
    ...{ labelNames: ["state"] as const, ...common },
  });
  const inputs = new Counter({
    ...{ name: "vision_batch_inputs_total", help: "Inputs that came to their end, by status." },
    ...{ labelNames: ["status"] as const, ...common },
  });
  const failures = new Counter({
    ...{ name: "vision_batch_journal_failures_total", help: "Times the journal was of no use." },
    ...common,
  });
  new Gauge({
    ...{ name: "vision_batch_chunks_held", help: "Chunks that are worked on.", ...common },
    collect() {
      this.set(heldNow());
    },
  });
  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    jobsDone: (queue, { done, failed }, took) => {
      jobs.inc({ queue, outcome: "done" }, done);
      if (failed > 0) jobs.inc({ queue, outcome: "failed" }, failed);
      seconds.observe({ queue }, took);
    },
    jobDead: (queue) => {
      dead.inc({ queue });
    },
    step: (state) => {
      steps.inc({ state });
    },
    ended: ({ counts }) => {
      for (const [status, count] of Object.entries(counts)) inputs.inc({ status }, count);
    },
    journalFailed: () => {
      failures.inc();
    },
  };
}
