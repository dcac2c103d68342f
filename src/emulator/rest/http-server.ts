import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmulatedMethod } from "../emulated-call.ts";
import type { EmulatorCore } from "../emulator-core.ts";
import { statusOf } from "../service-error.ts";
import { handleAdmin, isAdminPath } from "./admin-handler.ts";
import { sendStatus } from "./rest-answer.ts";
import { openStorageRoute, type HttpRoute } from "./storage-route.ts";
import { VisionHandler } from "./vision-handler.ts";

/** How the HTTP server is set up. */
export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly methods: readonly EmulatedMethod[];
  readonly core: EmulatorCore;
  /** The folder of the buckets. */
  readonly directory: string;
}

/** A running HTTP server. */
export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves REST, Cloud Storage and the admin at one port. @throws what listening throws. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { core, methods } = options;
  const storage = await openStorageRoute(options);
  const vision = new VisionHandler(methods, core.dispatcher);
  const routes = { storage, vision, admin: core.admin };
  const server = createServer((request, response) => {
    void route(routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendStatus(response, statusOf(error));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Routes {
  readonly storage: HttpRoute;
  readonly vision: VisionHandler;
  readonly admin: EmulatorCore["admin"];
}

async function route(
  { storage, vision, admin }: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? "";
  if (isAdminPath(url)) await handleAdmin(admin, request, response);
  else if (storage.handles(url)) await storage.handle(request, response);
  else await vision.handle(request, response);
}
