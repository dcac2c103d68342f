import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";

import type { ApiError } from "./api-error.ts";

/** An answer that is not sent yet, so that a fault can still take its place. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** Releases what the body is read from; called once, whether or not it was sent. */
  readonly close?: () => void;
}

/** An answer in JSON. */
export function jsonReply(value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return jsonWithStatus(200, value, headers);
}

/** An answer without a body. */
export function emptyReply(
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
): Reply {
  return { status, headers: { "content-length": 0, ...headers } };
}

/** The answer that tells an error. */
export function errorReply(error: ApiError): Reply {
  if (error.httpStatus === 304) return { status: 304, headers: {} };
  return jsonWithStatus(error.httpStatus, error.toBody(), {});
}

/** Sends an answer; `dropAfterBytes` closes the connection after so much of its body. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  options: { readonly dropAfterBytes?: number | undefined } = {},
): Promise<void> {
  try {
    response.writeHead(reply.status, reply.headers);
    if (options.dropAfterBytes !== undefined) {
      await sendFlushed(response, firstBytes(reply, options.dropAfterBytes));
      response.destroy();
    } else if (response.req.method === "HEAD") {
      response.end();
    } else if (typeof reply.body === "string" || reply.body === undefined) {
      response.end(reply.body);
    } else {
      await sendBody(response, reply.body);
      response.end();
    }
  } finally {
    reply.close?.();
  }
}

function jsonWithStatus(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): Reply {
  const body = JSON.stringify(value);
  return {
    status,
    headers: {
      "content-type": "application/json; charset=UTF-8",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
      ...headers,
    },
    body,
  };
}

async function sendBody(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
}

/** Resolves when a response takes more, or is closed and never will. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off("drain", settle).off("close", settle);
      resolve();
    };
    response.on("drain", settle).on("close", settle);
  });
}

/** Sends what is to arrive before the connection is dropped. */
async function sendFlushed(
  response: ServerResponse,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.flushHeaders();
  for await (const chunk of body) {
    if (response.destroyed) return;
    await new Promise((resolve) => response.write(chunk, resolve));
  }
  await setImmediate();
}

async function* firstBytes(
  { body = "" }: Reply,
  count: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = count;
  for await (const chunk of typeof body === "string" ? [Buffer.from(body)] : body) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}
