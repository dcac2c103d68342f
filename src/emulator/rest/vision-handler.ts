import type { IncomingMessage, ServerResponse } from "node:http";
import { messagesOver } from "../../protocol/method-table.ts";
import type { CallDispatcher } from "../call-dispatcher.ts";
import type { EmulatedMethod } from "../emulated-call.ts";
import { isPlainJson, type PlainJson } from "../plain-json.ts";
import { pathOf, queryOf } from "../request-url.ts";
import { invalidArgument, statusOf } from "../service-error.ts";
import { withEnumNumbers } from "./enum-numbers.ts";
import { MethodRouter, type RoutedMethod } from "./method-router.ts";
import { readJsonBody } from "./read-body.ts";
import { readRequest } from "./read-request.ts";
import { dropConnection, sendJson, sendNotFound, sendStatus } from "./rest-answer.ts";

// Source: https://cloud.google.com/apis/docs/system-parameters
const systemParameters = new Set(
  [
    "access_token",
    "alt",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "prettyPrint",
    "quotaUser",
  ].concat(["uploadType", "upload_protocol"]),
);

/** Serves the REST face of the methods. */
export class VisionHandler {
  readonly #router: MethodRouter;
  readonly #dispatcher: CallDispatcher;

  constructor(methods: readonly EmulatedMethod[], dispatcher: CallDispatcher) {
    this.#router = new MethodRouter(methods);
    this.#dispatcher = dispatcher;
  }

  /** Answers a request, whatever it is. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort(new Error("the caller has gone"));
    });
    try {
      await this.#answer(request, response, gone.signal);
    } catch (error) {
      sendStatus(response, statusOf(error));
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const { method = "", url } = request;
    const routed = this.#router.find(method, pathOf(url));
    if (routed === undefined) {
      sendNotFound(request, response);
      return;
    }
    const query = queryOf(url);
    const json = mergeRequest(routed, await readJsonBody(request), query);
    const { requestType, responseType } = messagesOver(routed.method.entry, "rest");
    const outcome = await this.#dispatcher.dispatch({
      ...routed.method,
      transport: "rest",
      request: await readRequest(requestType, json),
      signal,
    });
    if (outcome.drop === "afterResponse") {
      response.once("finish", () => request.socket.destroy());
    }
    if ("status" in outcome) sendStatus(response, outcome.status);
    else if (!("response" in outcome)) dropConnection(response, outcome.drop);
    else if (!hasEnumNumbers(query)) sendJson(response, outcome.response);
    else sendJson(response, await withEnumNumbers(responseType, outcome.response));
  }
}

/** Source: the `$alt` that the REST clients of google-gax send. */
function hasEnumNumbers(query: URLSearchParams): boolean {
  const alt = query.get("$alt") ?? query.get("alt") ?? "";
  return alt.split(";").includes("enum-encoding=int");
}

/** Puts the fields of path, body and query together; the path wins. */
function mergeRequest(
  { binding, fields }: RoutedMethod,
  body: unknown,
  query: URLSearchParams,
): PlainJson {
  if (body !== undefined && !isPlainJson(body)) {
    throw invalidArgument([
      { field: "", description: "Invalid JSON payload received. The root is not an object." },
    ]);
  }
  if (binding.body === "*") return { ...body, ...fields };
  const named = [...query].filter(([name]) => !name.startsWith("$") && !systemParameters.has(name));
  const inBody = binding.body === undefined ? {} : { [camelCase(binding.body)]: body ?? {} };
  return merge({ ...Object.fromEntries(named), ...inBody }, fields);
}

/** A field of the path may be one of the message in the body, as in `{product.name=...}`. */
function merge(fields: PlainJson, over: PlainJson): PlainJson {
  const merged = { ...fields };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isPlainJson(below) && isPlainJson(value) ? merge(below, value) : value;
  }
  return merged;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
