import { codeNumbers, type Code, type StatusDetail, type StatusFields } from "../errors/index.ts";
import type { JsonCodec } from "./json-codec.ts";
import { typeNameOf } from "./status.ts";

type JsonObject = Readonly<Record<string, unknown>>;

// Source: the comments of google/rpc/code.proto; what it does not map is what proxies say.
const codes: ReadonlyMap<number, Code> = new Map<number, Code>([
  [400, "INVALID_ARGUMENT"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "NOT_FOUND"],
  [405, "UNIMPLEMENTED"],
  [408, "UNAVAILABLE"],
  [409, "ABORTED"],
  [413, "INVALID_ARGUMENT"],
  [429, "RESOURCE_EXHAUSTED"],
  [499, "CANCELLED"],
  [500, "INTERNAL"],
  [501, "UNIMPLEMENTED"],
  [502, "UNAVAILABLE"],
  [503, "UNAVAILABLE"],
  [504, "DEADLINE_EXCEEDED"],
]);

/** The code that an HTTP status stands for, where its answer names none. */
export function codeOfHttpStatus(status: number): Code {
  const other = status >= 400 && status < 500 ? "FAILED_PRECONDITION" : "UNKNOWN";
  return codes.get(status) ?? other;
}

/**
 * The status in the body of an error of Google's APIs, `{ "error": { code, message, status, details } }`,
 * its details decoded; undefined for any other body.
 */
export async function parseErrorBody(
  httpStatus: number,
  text: string,
): Promise<StatusFields | undefined> {
  const error = errorOf(text);
  if (error === undefined) return undefined;
  const { status, message, details } = error;
  return {
    code: isErrorCode(status) ? status : codeOfHttpStatus(httpStatus),
    message: typeof message === "string" ? message : "",
    details: await toDetails(details),
  };
}

/** The `error` of a body; servers that would stream their answer send it in a list. */
function errorOf(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isObject(body) && isObject(body["error"]) ? body["error"] : undefined;
  } catch {
    return undefined;
  }
}

async function toDetails(details: unknown): Promise<readonly StatusDetail[]> {
  if (!Array.isArray(details) || details.length === 0) return [];
  const { loadJsonCodec } = await import("./json-codec.ts");
  const codec = await loadJsonCodec("v1");
  return details.filter(isObject).flatMap((detail) => toDetail(detail, codec));
}

function toDetail(detail: JsonObject, codec: JsonCodec): readonly StatusDetail[] {
  const { "@type": typeUrl, ...fields } = detail;
  if (typeof typeUrl !== "string") return [];
  if (!codec.knows(typeNameOf(typeUrl))) return [{ typeUrl, value: fields }];
  try {
    const any = codec.fromJson("google.protobuf.Any", detail);
    const { "@type": _typeUrl, ...value } = codec.toJson("google.protobuf.Any", any);
    return [{ typeUrl, value }];
  } catch {
    // A detail that does not fit its type is kept as it came rather than hiding the status.
    return [{ typeUrl, value: fields }];
  }
}

function isErrorCode(value: unknown): value is Code {
  return typeof value === "string" && value !== "OK" && Object.hasOwn(codeNumbers, value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
