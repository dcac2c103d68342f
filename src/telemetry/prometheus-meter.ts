import { loadOptional } from "../errors/index.ts";
import { metrics, type Labels, type Metric } from "./metrics.ts";
import type { Meter } from "./telemetry-port.ts";

/** Metrics as Prometheus reads them. */
export interface PrometheusMeter extends Meter {
  readonly contentType: string;
  /** All of them, as text. */
  read(): Promise<string>;
}

const suffixes: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes" };

/** Makes a meter whose metrics have the names that OpenTelemetry gives them in Prometheus. @throws MissingPackageError */
export async function openPrometheusMeter(): Promise<PrometheusMeter> {
  const prometheus = await loadOptional(
    ...(["prom-client", "metrics for Prometheus"] as const),
    () => import("prom-client"),
  );
  const registry = new prometheus.Registry();
  const sums = new Map<Metric, { inc(labels: PrometheusLabels, amount: number): void }>();
  const histograms = new Map<Metric, { observe(labels: PrometheusLabels, value: number): void }>();
  for (const metric of Object.values(metrics)) {
    const { kind, buckets = [] } = metric as Metric;
    const fields = { ...fieldsOf(metric), registers: [registry] };
    if (kind === "counter") sums.set(metric, new prometheus.Counter(fields));
    if (kind === "histogram") {
      histograms.set(metric, new prometheus.Histogram({ ...fields, buckets: [...buckets] }));
    }
    if (kind === "upDownCounter") sums.set(metric, new prometheus.Gauge(fields));
  }
  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    add: (metric, amount, labels) => {
      sums.get(metric)?.inc(toPrometheus(labels), amount);
    },
    record: (metric, value, labels) => {
      histograms.get(metric)?.observe(toPrometheus(labels), value);
    },
  };
}

type PrometheusLabels = Record<string, string | number>;

function fieldsOf({ name, kind, unit, description, labels }: Metric) {
  const suffix = `${suffixes[unit] ?? ""}${kind === "counter" ? "_total" : ""}`;
  return { name: `${toName(name)}${suffix}`, help: description, labelNames: labels.map(toName) };
}

function toPrometheus(labels: Labels): PrometheusLabels {
  const known = Object.entries(labels).flatMap(([name, value]) =>
    value === undefined ? [] : [[toName(name), value] as const],
  );
  return Object.fromEntries(known);
}

function toName(name: string): string {
  return name.replaceAll(".", "_");
}
