import { messagesOver, versionOfType } from "../protocol/method-table.ts";
import { toHttpCall } from "../protocol/http-binding.ts";
import { loadJsonCodec } from "../protocol/json-codec.ts";
import { routingHeader } from "../protocol/routing.ts";
import { apiClientHeader, packageVersion } from "./api-client-header.ts";
import { messageOf } from "./grpc-failure.ts";
import { RestError } from "./rest-failure.ts";
import type { Attempt } from "./transport.ts";

/** A request as HTTP says it, without host and headers. */
export interface EncodedCall {
  readonly verb: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  readonly body: string | undefined;
}

/**
 * Writes a request in proto3 JSON by the HTTP bindings of its method.
 * @throws RestError UNIMPLEMENTED for a method without a URL (WaitOperation), INVALID_ARGUMENT for a
 * request that has none or that JSON cannot say.
 */
export async function encodeCall({ method, request }: Attempt): Promise<EncodedCall> {
  if (method.http.length === 0) {
    throw new RestError("UNIMPLEMENTED", `${method.name} has no URL: it is not offered over REST`);
  }
  const { requestType } = messagesOver(method, "rest");
  const codec = await loadJsonCodec(versionOfType(requestType) ?? "v1");
  const call = toHttpCall(method.http, toJson());
  if (call === undefined) {
    const forms = method.http.map(({ path }) => path).join(", ");
    throw new RestError("INVALID_ARGUMENT", `the request fits no URL of ${method.name}: ${forms}`);
  }
  const { verb, path, query, body } = call;
  const text = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const target = text === "" ? path : `${path}?${text}`;
  return { verb, target, body: body === undefined ? undefined : JSON.stringify(body) };

  function toJson(): Readonly<Record<string, unknown>> {
    try {
      return codec.toJson(requestType, request);
    } catch (cause) {
      throw new RestError("INVALID_ARGUMENT", messageOf(cause), { cause });
    }
  }
}

/** The headers of a request: what Google's APIs ask for, what the credentials add, what the caller gives. */
export function headersOf(attempt: Attempt, authorization: Headers): Headers {
  const { method, request, headers = {}, timeoutMs } = attempt;
  const params = routingHeader(method, request);
  // Google's servers zip for callers whose User-Agent says so too. Source:
  // https://developers.google.com/workspace/drive/api/guides/performance#gzip
  const all = new Headers({
    accept: "application/json",
    "accept-encoding": "gzip",
    "content-type": "application/json",
    "user-agent": `vision-batch/${packageVersion()} (gzip)`,
    "x-goog-api-client": apiClientHeader({ rest: "1.1" }),
    "x-server-timeout": String(timeoutMs / 1000),
  });
  if (params !== undefined) all.set("x-goog-request-params", params);
  for (const [name, value] of authorization) all.set(name, value);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return all;
}
