import { codeName, type StatusDetail, type StatusFields } from "../errors/index.ts";
import type { JsonCodec } from "./json-codec.ts";

/** A `google.rpc.Status` message, as far as it is read here. */
export interface StatusMessage {
  /** A number of `google.rpc.Code`. */
  readonly code: number;
  /** What went wrong, in English, for developers. */
  readonly message: string;
  /** What else is told, undecoded. */
  readonly details: readonly AnyMessage[];
}

/** A `google.protobuf.Any` message. */
export interface AnyMessage {
  /** What the bytes are, e.g. `type.googleapis.com/google.rpc.ErrorInfo`. */
  readonly typeUrl: string;
  /** Absent where it came as JSON that bytes cannot say. */
  readonly value?: Uint8Array | undefined;
}

/** A status as plain data: details of known types decoded, others kept as bytes. */
export async function toStatusFields(status: StatusMessage): Promise<StatusFields> {
  const { code, message, details } = status;
  if (details.length === 0) return { code: codeName(code), message, details: [] };
  const { loadJsonCodec } = await import("./json-codec.ts");
  const codec = await loadJsonCodec("v1");
  return {
    code: codeName(code),
    message,
    details: details.map((detail) => toStatusDetail(detail, codec)),
  };
}

/** The status of a `grpc-status-details-bin` trailer. */
export async function decodeStatusTrailer(bytes: Uint8Array): Promise<StatusFields> {
  const { Status } = await import("../../generated/google/rpc/status.ts");
  return toStatusFields(Status.decode(bytes));
}

function toStatusDetail(detail: AnyMessage, codec: JsonCodec): StatusDetail {
  const { typeUrl, value: bytes = new Uint8Array() } = detail;
  if (!codec.knows(typeNameOf(typeUrl))) return { typeUrl, bytes };
  try {
    const { "@type": _typeUrl, ...value } = codec.toJson("google.protobuf.Any", detail);
    return { typeUrl, value };
  } catch {
    // Bytes that do not decode are kept rather than hiding the status that they came with.
    return { typeUrl, bytes };
  }
}

/** The message type that a type URL names, e.g. `google.rpc.ErrorInfo`. */
export function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}
