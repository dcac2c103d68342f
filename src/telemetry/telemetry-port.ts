import type { Labels, Metric } from "./metrics.ts";

/** What takes its time and has a span. */
export type Activity = "submit" | "wait" | "collect" | "deliver";

/** What a span tells; absent values are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a span begins. */
export interface SpanStart {
  readonly activity: Activity;
  readonly name: string;
  /** Whether it is a call of the service. Default false. */
  readonly isCall?: boolean | undefined;
  /** Whether it begins a trace of its own, since it may come long after its cause. Default: it is a child of the active one. */
  readonly isRoot?: boolean | undefined;
  /** The `traceparent` of what it follows from, unless that is unknown. */
  readonly follows?: string | undefined;
  readonly attributes: SpanAttributes;
}

/** A span that is over. */
export interface PastSpan extends SpanStart {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  /** Why it came to nothing, if it did. */
  readonly error?: Error | undefined;
}

/** A span that is open. */
export interface OpenSpan {
  /** Its `traceparent`, by which another process can tell that something followed from it; undefined where nobody records it. */
  readonly traceparent: string | undefined;
  set(attributes: SpanAttributes): void;
  /** It came to nothing, though nothing is thrown. */
  fail(error: unknown): void;
}

/** Keeps spans. */
export interface Tracer {
  /** Does some work within a span, which is the active one meanwhile; what is thrown is its error. */
  span<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T>;
  /** Does some work outside of any span, since it goes on when the active one has ended. */
  outside<T>(work: () => T): T;
  /** Tells of a span when it is over, so that none has to be held for hours or is lost with its process. */
  past(span: PastSpan): void;
}

/** Keeps metrics. */
export interface Meter {
  /** Adds to a sum. */
  add(metric: Metric, amount: number, labels: Labels): void;
  /** Takes a value of a histogram. */
  record(metric: Metric, value: number, labels: Labels): void;
}
