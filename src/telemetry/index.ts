export { errorType, otherType } from "./error-type.ts";
export { metrics, type Labels, type Metric } from "./metrics.ts";
export { openPrometheusMeter, type PrometheusMeter } from "./prometheus-meter.ts";
export { Telemetry, type TelemetryName } from "./telemetry.ts";
export type { Meter, OpenSpan, SpanAttributes, SpanStart } from "./telemetry-port.ts";
export { parseTraceparent } from "./traceparent.ts";
