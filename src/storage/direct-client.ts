import type { IncomingMessage, RequestOptions } from "node:http";

import { AnswerBody } from "./answer-body.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "./http-client.ts";

/** A client without credentials, which connects to the endpoint itself, past what proxies the environment names. */
export const directClient: HttpClient = { send };

async function send(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body, signal } = request;
  // An import would load the WebSocket and all that is with it, which node:http exports too.
  const { request: open } = process.getBuiltinModule(
    url.startsWith("https:") ? "node:https" : "node:http",
  );
  const options: RequestOptions = { method, headers, ...(signal === undefined ? {} : { signal }) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = open(url, options, resolve);
    // It stays: a connection that fails while the answer is read tells the request of it too.
    sent.on("error", reject);
    sent.end(body);
  });
  return {
    status: answer.statusCode ?? 0,
    headers: { get: (name) => answer.headers[name.toLowerCase()]?.toString() ?? null },
    body: new AnswerBody(answer),
  };
}
