import type { IncomingMessage } from "node:http";
import { ServiceError } from "../service-error.ts";

// Source: https://cloud.google.com/vision/quotas, "JSON request object size".
const maxBodyBytes = 10 * 1024 * 1024;

/** Reads a JSON body; undefined where there is none. @throws ServiceError INVALID_ARGUMENT. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) {
    throw refuse(`Request payload size exceeds the limit: ${maxBodyBytes} bytes.`);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch (error) {
    throw refuse(`Invalid JSON payload received. ${(error as Error).message}`);
  }
}

function refuse(message: string): ServiceError {
  return new ServiceError({ code: "INVALID_ARGUMENT", message });
}
