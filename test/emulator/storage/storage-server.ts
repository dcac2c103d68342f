import fs from "node:fs";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import {
  createStorageHandler,
  type StorageHandler,
} from "../../../src/emulator/storage/storage-handler.ts";
import type { StorageCall, StorageFault } from "../../../src/emulator/storage/storage-fault.ts";

/** The storage handler in a server of its own, over a temporary folder. */
export interface StorageServer {
  /** e.g. `http://127.0.0.1:40001`. */
  readonly url: string;
  readonly root: string;
  readonly handler: StorageHandler;
  /** Every call so far. */
  readonly calls: StorageCall[];
  /** The open connections that are in the midst of an answer. */
  readonly answering: ReadonlySet<http.ServerResponse>;
  /** The fault of each call; a test sets it. */
  fault: (call: StorageCall, nth: number) => StorageFault | undefined;
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startStorageServer(
  options: { readonly createBuckets?: boolean } = {},
): Promise<StorageServer> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "storage-server-"));
  const calls: StorageCall[] = [];
  const answering = new Set<http.ServerResponse>();
  const sockets = new Set<Socket>();
  const handler = createStorageHandler({
    root,
    ...options,
    intercept: (call) => {
      calls.push(call);
      const nth = calls.filter(({ method }) => method === call.method).length;
      return Promise.resolve(running.fault(call, nth));
    },
  });
  const server = http.createServer((incoming, response) => {
    answering.add(response);
    response.once("close", () => answering.delete(response));
    void handler.handle(incoming, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const running: StorageServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    root,
    handler,
    calls,
    answering,
    fault: () => undefined,
    close: async () => {
      await handler.close();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      fs.rmSync(root, { recursive: true });
    },
  };
  return running;
}

/** Resolves when a condition holds; it is looked at between events, not after times. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
