export { errorType, otherType } from "./error-type.ts";
export { metrics } from "./metrics.ts";
export { Telemetry, type TelemetryName } from "./telemetry.ts";
export type { Meter, OpenSpan, SpanAttributes, SpanStart } from "./telemetry-port.ts";
