import type { IncomingHttpHeaders } from "node:http";

import type { Preconditions } from "../../storage/preconditions.ts";
import { ApiError, badRequest } from "./api-error.ts";
import type { Route } from "./routes.ts";

/** One request to the JSON API, taken apart. */
export interface StorageRequest {
  readonly verb: string;
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body; reading fewer than all leaves the connection usable. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The server as the client calls it, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string;
}

const maxJsonBytes = 4 * 1024 * 1024;

// Source: https://cloud.google.com/storage/docs/json_api/v1/objects/list, maxResults
const maxPageSize = 1000;

/** The bucket and the object that a request's path names. @throws ApiError 400 where it does not. */
export function namesOf({ route }: StorageRequest): { bucket: string; name: string } {
  const { bucket, object } = route;
  if (bucket === undefined || object === undefined) throw badRequest("the path names no object");
  return { bucket, name: object };
}

/** The bucket that a request's path names. @throws ApiError 400 where it does not. */
export function bucketOf({ route }: StorageRequest): string {
  if (route.bucket === undefined) throw badRequest("the path names no bucket");
  return route.bucket;
}

/** An int64 of a query, or undefined. @throws ApiError 400 for anything else. */
export function int64Of(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^-?\d{1,19}$/.test(value)) throw badRequest(`Invalid value for ${name}: ${value}`);
  return String(BigInt(value));
}

/** How long a page of a listing may be: `maxResults`, at most 1,000. @throws ApiError 400 for less than 1. */
export function pageSizeOf(query: URLSearchParams): number {
  const given = int64Of(query, "maxResults");
  if (given === undefined) return maxPageSize;
  if (Number(given) <= 0) throw badRequest(`Invalid value for maxResults: ${given}`);
  return Math.min(Number(given), maxPageSize);
}

/** The preconditions in a query: `ifGenerationMatch` ..., or with a source `ifSourceGenerationMatch` ... */
export function preconditionsOf(query: URLSearchParams, source: "" | "Source" = ""): Preconditions {
  return {
    ifGenerationMatch: int64Of(query, `if${source}GenerationMatch`),
    ifGenerationNotMatch: int64Of(query, `if${source}GenerationNotMatch`),
    ifMetagenerationMatch: int64Of(query, `if${source}MetagenerationMatch`),
    ifMetagenerationNotMatch: int64Of(query, `if${source}MetagenerationNotMatch`),
  };
}

/**
 * The body as a JSON object; `{}` where there is none.
 * @throws ApiError 400 for what is no JSON object, 413 for more than 4 MiB.
 */
export async function readJsonBody(request: StorageRequest): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > maxJsonBytes) throw new ApiError(413, `the body is over ${maxJsonBytes} bytes`);
    chunks.push(chunk);
  }
  return parseJsonObject(Buffer.concat(chunks, size).toString("utf8"));
}

/** A JSON object; `{}` for an empty text. @throws ApiError 400 for what is no JSON object. */
export function parseJsonObject(text: string): Record<string, unknown> {
  const value = text.trim() === "" ? {} : parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw badRequest("the body is not a JSON object");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("the body is not JSON");
  }
}
