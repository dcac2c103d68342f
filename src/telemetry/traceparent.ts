/** Which span something belongs to, as far as others need to know. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether it is recorded: 1, else 0. */
  readonly traceFlags: number;
}

// W3C Trace Context, level 1; ids of zeros only are none.
const form =
  /^00-(?!0{32})(?<traceId>[\da-f]{32})-(?!0{16})(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})$/;

/** The `traceparent` of a span. */
export function toTraceparent({ traceId, spanId, traceFlags }: SpanPlace): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, "0")}`;
}

/** The span that a `traceparent` names; undefined for what names none. */
export function parseTraceparent(text: unknown): SpanPlace | undefined {
  const { traceId, spanId, flags } =
    (typeof text === "string" ? form.exec(text) : undefined)?.groups ?? {};
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}
