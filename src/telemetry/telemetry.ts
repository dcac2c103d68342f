import { metrics, type Labels, type Metric } from "./metrics.ts";
import type { Meter, OpenSpan, PastSpan, SpanStart, Tracer } from "./telemetry-port.ts";

/** Where it is told what goes on: to OpenTelemetry, by the providers that are registered with `@opentelemetry/api`. */
export type TelemetryName = "opentelemetry";

const silentSpan: OpenSpan = {
  traceparent: undefined,
  set: () => undefined,
  fail: () => undefined,
};

/**
 * The one place that everything is told to; it passes it on to whoever wants it. As long as nobody does,
 * work is done as if it were not here.
 */
export class Telemetry {
  readonly #name: TelemetryName | undefined;
  readonly #version: (() => string) | undefined;
  readonly #meters = new Set<Meter>();
  #tracer: Tracer | undefined;
  #opening: Promise<void> | undefined;

  /** Nothing is loaded before `open`, or the first span; `version` tells whose telemetry it is. */
  constructor(name?: TelemetryName, version?: () => string) {
    this.#name = name;
    this.#version = version;
  }

  /** Whether anybody wants to be told. */
  get isOn(): boolean {
    return this.#name !== undefined || this.#meters.size > 0;
  }

  /** Loads what is needed; what is told before is told to nobody. @throws MissingPackageError */
  open(): Promise<void> {
    return (this.#opening ??= this.#name === undefined ? Promise.resolve() : this.#load());
  }

  /** Passes metrics on to a meter as well, until it is disposed of. */
  join(meter: Meter): Disposable {
    this.#meters.add(meter);
    return {
      [Symbol.dispose]: () => {
        this.#meters.delete(meter);
      },
    };
  }

  /** Does some work within a span: see {@link Tracer.span}. @throws what the work throws; MissingPackageError before it. */
  span<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    return this.isOn ? this.#span(start, work) : work(silentSpan);
  }

  /** Does some work outside of any span: see {@link Tracer.outside}. */
  outside<T>(work: () => T): T {
    return this.#tracer === undefined ? work() : this.#tracer.outside(work);
  }

  /** Tells of a span that is over. */
  past(span: PastSpan): void {
    this.#tracer?.past(span);
  }

  /** Adds to a sum. */
  add<Label extends string>(
    metric: Metric<Label, "counter" | "upDownCounter">,
    amount: number,
    labels: Labels<Label>,
  ): void {
    for (const meter of this.#meters) meter.add(metric, amount, labels);
  }

  /** Takes a value of a histogram. */
  record<Label extends string>(
    metric: Metric<Label, "histogram">,
    value: number,
    labels: Labels<Label>,
  ): void {
    for (const meter of this.#meters) meter.record(metric, value, labels);
  }

  async #span<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    await this.open();
    const labels = { "vision_batch.activity": start.activity };
    this.add(metrics.activities, 1, labels);
    try {
      return await (this.#tracer?.span(start, work) ?? work(silentSpan));
    } finally {
      this.add(metrics.activities, -1, labels);
    }
  }

  async #load(): Promise<void> {
    const { openOpenTelemetry } = await import("./open-telemetry.ts");
    const opened = await openOpenTelemetry(this.#version?.());
    this.#tracer = opened;
    this.join(opened);
  }
}
