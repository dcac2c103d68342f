import { createDirectoryStore, ObjectDirectory } from "../storage/index.ts";
import type { EmulatorAdmin } from "./emulator-admin.ts";
import { createCore } from "./emulator-core.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import { startGrpcServer } from "./grpc/grpc-server.ts";
import { startHttpServer } from "./rest/http-server.ts";
import { loadServedMethods } from "./served-methods.ts";
import { openWorkingDirectory } from "./working-directory.ts";

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Where gRPC listens, e.g. `127.0.0.1:40001`. */
  readonly grpc: string;
  /** Where REST, storage and admin listen, e.g. `http://127.0.0.1:40002`. */
  readonly http: string;
  /** The folder with one folder a bucket, and `_product-search/` once there is a product set or product. */
  readonly directory: string;
  /** What tests ask and set. */
  readonly admin: EmulatorAdmin;
  /** Stops operations and servers, ends every connection and removes a temporary folder; may be called again. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of the Vision API and of Cloud Storage in this process.
 * @throws MissingPackageError for an optional package that it cannot do without; VisionBatchError
 * for fault rules, recorded responses or kept resources that cannot be used; what listening throws, e.g. EADDRINUSE.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const opened: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = (): Promise<void> => (closing ??= closeInTurn(opened));
  try {
    return await start(options, opened, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function closeInTurn(opened: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of opened.toReversed()) await close();
}

async function start(
  options: EmulatorOptions,
  opened: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Emulator> {
  const host = options.host ?? "127.0.0.1";
  const directory = await openWorkingDirectory(options.directory);
  opened.push(() => directory.close());
  const { createBuckets = true } = options;
  const buckets = new ObjectDirectory(directory.path, { createBuckets });
  const core = createCore(options, {
    store: createDirectoryStore(buckets),
    directory: directory.path,
  });
  opened.push(() => core.close());
  await core.prepare();
  const methods = await loadServedMethods();
  const { dispatcher } = core;
  const warn = (message: string): void => options.logger?.warn(message);
  const grpc = await startGrpcServer({
    ...{ host, methods, dispatcher, warn },
    port: options.grpcPort ?? 0,
  });
  opened.push(() => grpc.close());
  const http = await startHttpServer({
    ...{ host, methods, core, buckets, createBuckets },
    port: options.httpPort ?? 0,
  });
  opened.push(() => http.close());
  const address = host.includes(":") ? `[${host}]` : host;
  return {
    grpc: `${address}:${grpc.port}`,
    http: `http://${address}:${http.port}`,
    directory: directory.path,
    admin: core.admin,
    close,
    [Symbol.asyncDispose]: close,
  };
}
