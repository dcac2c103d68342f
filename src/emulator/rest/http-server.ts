import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmulatedMethod } from "../emulated-call.ts";
import type { EmulatorCore } from "../emulator-core.ts";
import { storageIntercept } from "../faults/storage-strikes.ts";
import type { ObjectDirectory } from "../../storage/index.ts";
import { statusOf } from "../service-error.ts";
import { createStorageHandler, type StorageHandler } from "../storage/storage-handler.ts";
import { handleAdmin, isAdminPath } from "./admin-handler.ts";
import { sendStatus } from "./rest-answer.ts";
import { VisionHandler } from "./vision-handler.ts";

/** How the HTTP server is set up. */
export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly methods: readonly EmulatedMethod[];
  readonly core: EmulatorCore;
  /** The buckets, shared with the annotating side. */
  readonly buckets: ObjectDirectory;
  /** Whether a write makes the bucket that it needs. */
  readonly createBuckets: boolean;
}

/** A running HTTP server. */
export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves REST, Cloud Storage and the admin at one port. @throws what listening throws. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { buckets, core, createBuckets, methods } = options;
  const intercept = storageIntercept(core.faults);
  const storage = createStorageHandler({ root: buckets, createBuckets, intercept });
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
      await storage.close();
    },
  };
}

interface Routes {
  readonly storage: StorageHandler;
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
