import { loadOptional } from "../errors/index.ts";
import { errorType } from "./error-type.ts";
import type { Labels, Metric } from "./metrics.ts";
import type {
  Meter,
  OpenSpan,
  PastSpan,
  SpanAttributes,
  SpanStart,
  Tracer,
} from "./telemetry-port.ts";
import { parseTraceparent, toTraceparent } from "./traceparent.ts";

type Api = typeof import("@opentelemetry/api");
type ApiSpan = import("@opentelemetry/api").Span;
type SpanOptions = import("@opentelemetry/api").SpanOptions;
type Attributes = import("@opentelemetry/api").Attributes;

/** The scope of all that is told. */
const scope = "vision-batch";

/** Spans and metrics go to the providers that are registered with `@opentelemetry/api` by now. @throws MissingPackageError */
export async function openOpenTelemetry(version?: string): Promise<Tracer & Meter> {
  const api = await loadOptional(
    ...(["@opentelemetry/api", "telemetry"] as const),
    () => import("@opentelemetry/api"),
  );
  return new OpenTelemetry(api, version);
}

/** What is told changes nothing of what is done: what a provider throws is its own matter, and goes to its log. */
class OpenTelemetry implements Tracer, Meter {
  readonly #api: Api;
  readonly #tracer;
  readonly #meter;
  readonly #sums = new Map<Metric, { add(value: number, labels: Attributes): void }>();
  readonly #histograms = new Map<Metric, { record(value: number, labels: Attributes): void }>();

  constructor(api: Api, version: string | undefined) {
    this.#api = api;
    this.#tracer = api.trace.getTracer(scope, version);
    this.#meter = api.metrics.getMeter(scope, version);
  }

  async span<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    const { context, trace } = this.#api;
    const span = this.#start(start);
    const within = trace.setSpan(context.active(), span);
    try {
      return await context.with(within, () => work(this.#openSpan(span)));
    } catch (error) {
      this.#fail(span, error);
      throw error;
    } finally {
      this.#tell(() => {
        span.end();
      });
    }
  }

  outside<T>(work: () => T): T {
    const { context, ROOT_CONTEXT } = this.#api;
    return context.with(ROOT_CONTEXT, work);
  }

  past({ startMs, endMs, error, ...start }: PastSpan): void {
    const span = this.#start(start, startMs);
    if (error !== undefined) this.#fail(span, error);
    this.#tell(() => {
      span.end(Math.max(startMs, endMs));
    });
  }

  add(metric: Metric, amount: number, labels: Labels): void {
    this.#tell(() => {
      this.#sumOf(metric).add(amount, defined(labels));
    });
  }

  record(metric: Metric, value: number, labels: Labels): void {
    this.#tell(() => {
      this.#histogramOf(metric).record(value, defined(labels));
    });
  }

  #sumOf(metric: Metric) {
    let sum = this.#sums.get(metric);
    if (sum === undefined) {
      const { name, description, unit, kind } = metric;
      const isCounter = kind === "counter";
      sum = isCounter
        ? this.#meter.createCounter(name, { description, unit })
        : this.#meter.createUpDownCounter(name, { description, unit });
      this.#sums.set(metric, sum);
    }
    return sum;
  }

  #histogramOf(metric: Metric) {
    let histogram = this.#histograms.get(metric);
    if (histogram === undefined) {
      const { name, description, unit, buckets = [] } = metric;
      const advice = { explicitBucketBoundaries: [...buckets] };
      histogram = this.#meter.createHistogram(name, { description, unit, advice });
      this.#histograms.set(metric, histogram);
    }
    return histogram;
  }

  #start(start: SpanStart, startTime?: number): ApiSpan {
    const { trace, INVALID_SPAN_CONTEXT } = this.#api;
    let span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    this.#tell(() => {
      const options = this.#optionsOf(start);
      const timed = startTime === undefined ? options : { ...options, startTime };
      span = this.#tracer.startSpan(start.name, timed);
    });
    return span;
  }

  #tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#api.diag.error("something was not told", error);
    }
  }

  #optionsOf({ isCall = false, isRoot = false, follows, attributes }: SpanStart): SpanOptions {
    const { SpanKind, trace } = this.#api;
    const cause = parseTraceparent(follows);
    const active = isRoot ? trace.getActiveSpan()?.spanContext() : undefined;
    const causes = [
      ...(cause === undefined ? [] : [{ ...cause, isRemote: true }]),
      ...(active === undefined || active.spanId === cause?.spanId ? [] : [active]),
    ];
    return {
      kind: isCall ? SpanKind.CLIENT : SpanKind.INTERNAL,
      root: isRoot,
      attributes: defined(attributes),
      links: causes.map((context) => ({ context })),
    };
  }

  #openSpan(span: ApiSpan): OpenSpan {
    const place = span.spanContext();
    return {
      traceparent: this.#api.isSpanContextValid(place) ? toTraceparent(place) : undefined,
      set: (attributes) => {
        this.#tell(() => span.setAttributes(defined(attributes)));
      },
      fail: (error) => {
        this.#fail(span, error);
      },
    };
  }

  #fail(span: ApiSpan, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#tell(() => {
      span.setAttribute("error.type", errorType(error));
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message });
    });
  }
}

function defined(values: SpanAttributes | Labels): Attributes {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
