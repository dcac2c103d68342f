import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ServiceError } from "../service-error.ts";

// Source: https://cloud.google.com/vision/quotas, "JSON request object size".
const maxBodyBytes = 10 * 1024 * 1024;

const unzip = promisify(gunzip);

/** Reads a JSON body, plain or gzipped; undefined where there is none. @throws ServiceError INVALID_ARGUMENT. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) throw tooLarge();
  if (size === 0) return undefined;
  const isZipped = request.headers["content-encoding"] === "gzip";
  const body = isZipped ? await unzipped(Buffer.concat(chunks)) : Buffer.concat(chunks);
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch (error) {
    throw refuse(`Invalid JSON payload received. ${(error as Error).message}`);
  }
}

async function unzipped(body: Buffer): Promise<Buffer> {
  try {
    return await unzip(body, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw refuse(`Invalid gzip payload received. ${(error as Error).message}`);
  }
}

function tooLarge(): ServiceError {
  return refuse(`Request payload size exceeds the limit: ${maxBodyBytes} bytes.`);
}

function refuse(message: string): ServiceError {
  return new ServiceError({ code: "INVALID_ARGUMENT", message });
}
