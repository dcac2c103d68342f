export { abortable, onAbort } from "./abortable.ts";
export { packageVersion } from "./api-client-header.ts";
export { CallTelemetry, peerOf } from "./call-telemetry.ts";
export type { Backoff } from "./backoff.ts";
export { createCaller, type Call, type Caller, type CallerOptions } from "./caller.ts";
export { systemClock, type Clock } from "./clock.ts";
export {
  resolveConnection,
  type Connection,
  type ConnectionOptions,
  type EmulatorAddresses,
} from "./connection.ts";
export type { RawResponse } from "./raw-response.ts";
export { endedByReturn } from "./ended-by-return.ts";
export { GrpcTransport } from "./grpc-transport.ts";
export { RestTransport } from "./rest-transport.ts";
export { silentLogger, type Logger } from "./logger.ts";
export type { CallOptions, Transport } from "./transport.ts";
