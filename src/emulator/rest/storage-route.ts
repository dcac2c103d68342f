import type { IncomingMessage, ServerResponse } from "node:http";

/** A part of the HTTP server that knows its own URLs. */
export interface HttpRoute {
  handles(url: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export function openStorageRoute(_options: unknown): Promise<HttpRoute> {
  return Promise.resolve({ handles: () => false, handle: () => Promise.resolve() });
}
