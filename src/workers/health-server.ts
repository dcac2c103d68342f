import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is answered about a worker. */
export interface HealthSource {
  /** Whether jobs are taken and the database answers. */
  readonly isReady: () => Promise<boolean>;
  readonly metrics: { readonly contentType: string; readonly read: () => Promise<string> };
}

/** A server that tells how a worker is: `/livez`, `/readyz`, `/metrics`. */
export interface HealthServer {
  /** host:port */
  readonly address: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string;
}

/** Serves the health of a worker; nothing is told to those who may not ask, so choose the host with care. */
export async function startHealthServer(
  source: HealthSource,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void serve(source, request, response);
  });
  server.listen(port, host);
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function serve(
  source: HealthSource,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const {
    status,
    text,
    contentType = "text/plain",
  } = await answer(source, request).catch((error: unknown): Answer => ({
    status: 500,
    text: `${String(error)}\n`,
  }));
  response.writeHead(status, { "content-type": contentType });
  response.end(text);
}

async function answer(
  { isReady, metrics }: HealthSource,
  { method, url }: IncomingMessage,
): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "only GET\n" };
  switch (url?.split("?")[0]) {
    case "/livez":
      return { status: 200, text: "ok\n" };
    case "/readyz":
      return (await isReady())
        ? { status: 200, text: "ok\n" }
        : { status: 503, text: "takes no jobs\n" };
    case "/metrics":
      return { status: 200, text: await metrics.read(), contentType: metrics.contentType };
    default:
      return { status: 404, text: "there are /livez, /readyz and /metrics\n" };
  }
}
