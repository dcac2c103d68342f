import {
  context,
  createNoopMeter,
  metrics,
  trace,
  type Attributes,
  type Meter,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";

/** One value of a metric: a sum, or how often a histogram was given one. */
export interface RecordedValue {
  readonly value: number;
  readonly labels: Attributes;
}

/** A metric as it was exported last. */
export interface RecordedMetric {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly RecordedValue[];
}

/** The providers of OpenTelemetry's own SDK, registered for this process, and what they were told. */
export class RecordedTelemetry {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #tracers = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans })],
  });
  readonly #meters = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        ...{ exporter: this.#metrics, exportIntervalMillis: 3_600_000 },
      }),
    ],
  });

  constructor() {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(this.#tracers);
    metrics.setGlobalMeterProvider(this.#meters);
  }

  /** The spans that have ended, of one name or all. */
  spans(name?: string): readonly ReadableSpan[] {
    const spans = this.#spans.getFinishedSpans();
    return name === undefined ? spans : spans.filter((span) => span.name === name);
  }

  /** The one span of a name. */
  span(name: string): ReadableSpan {
    const [span, ...others] = this.spans(name);
    if (span !== undefined && others.length === 0) return span;
    throw new Error(`${others.length + 1} spans ${name} among: ${this.#names().join(", ")}`);
  }

  /** All metrics as they are now. */
  async metrics(): Promise<readonly RecordedMetric[]> {
    this.#metrics.reset();
    await this.#meters.forceFlush();
    const exported = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    return exported
      .flatMap((each) => each.metrics)
      .map(({ descriptor: { name, unit }, dataPoints }) => ({
        ...{ name, unit },
        values: dataPoints.map(({ value, attributes: labels }) => ({
          ...{ labels, value: typeof value === "number" ? value : value.count },
        })),
      }));
  }

  /** The values of one metric, added up by one of its labels. */
  async sums(name: string, label: string): Promise<Readonly<Record<string, number>>> {
    const all = await this.metrics();
    const sums: Record<string, number> = {};
    for (const { labels, value } of all.find((each) => each.name === name)?.values ?? []) {
      const key = String(labels[label]);
      sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  }

  /** Registers providers that throw instead: the one of spans when they start or end. */
  breakDown(when: "onStart" | "onEnd"): void {
    const fail = (): never => {
      throw new Error("the provider is out of order");
    };
    const done = (): Promise<void> => Promise.resolve();
    const broken: SpanProcessor = {
      ...{ onStart: () => undefined, onEnd: () => undefined, forceFlush: done, shutdown: done },
      [when]: fail,
    };
    trace.disable();
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [broken] }));
    metrics.disable();
    const meter = Object.create(createNoopMeter()) as Meter;
    Object.assign(meter, { createCounter: fail, createUpDownCounter: fail, createHistogram: fail });
    metrics.setGlobalMeterProvider({ getMeter: () => meter });
  }

  async close(): Promise<void> {
    trace.disable();
    metrics.disable();
    context.disable();
    await this.#tracers.shutdown();
    await this.#meters.shutdown();
  }

  #names(): readonly string[] {
    return this.spans().map(({ name }) => name);
  }
}

/** The ids of the spans that a span is linked to. */
export function linkedIds({ links }: ReadableSpan): readonly string[] {
  return links.map(({ context: { spanId } }) => spanId);
}
