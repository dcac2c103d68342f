import type { VisionBatchClient } from "../client.ts";
import type { Emulator } from "../emulator/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { TransportName } from "../protocol/method-table.ts";
import type { ObjectStore } from "../storage/index.ts";
import { removeAtExit } from "./remove-at-exit.ts";

/** The options of every command that talks to the service. */
export interface ConnectionFlags {
  readonly apiVersion: ApiVersion;
  readonly transport?: TransportName;
  readonly project?: string;
  readonly keyFile?: string;
  readonly quotaProject?: string;
  readonly endpoint?: string;
  readonly location?: "us" | "eu" | "asia";
  /** Tells spans and metrics. */
  readonly opentelemetry?: boolean;
  /** Starts an emulator in this process. */
  readonly emulator?: boolean;
  /** The folder with its buckets. Default: a temporary one. */
  readonly emulatorDir?: string;
  /** A folder of recorded responses. */
  readonly emulatorRecorded?: string;
}

/** The service, or the emulator in its place. */
export interface ServiceConnection extends AsyncDisposable {
  readonly client: VisionBatchClient;
  /** Whether the service is an emulator in this process and ends with it. */
  readonly embedded: boolean;
  /** Opens the object store, at first use. */
  store(): Promise<ObjectStore>;
}

/** Connects to the service as the options and the environment say; nothing is sent yet. */
export async function connect(flags: ConnectionFlags): Promise<ServiceConnection> {
  const emulator = flags.emulator === true ? await startEmbedded(flags) : undefined;
  const isTemporary = emulator !== undefined && flags.emulatorDir === undefined;
  const leftover = isTemporary ? removeAtExit(emulator.directory) : undefined;
  const client = await openClient(flags, emulator);
  let opened: Promise<ObjectStore> | undefined;
  return {
    client,
    embedded: emulator !== undefined,
    store: () => (opened ??= openStore(flags, emulator)),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await emulator?.close();
      leftover?.[Symbol.dispose]();
    },
  };
}

async function startEmbedded(flags: ConnectionFlags): Promise<Emulator> {
  const { startEmulator } = await import("../emulator/index.ts");
  return startEmulator({
    ...(flags.emulatorDir === undefined ? {} : { directory: flags.emulatorDir }),
    ...(flags.emulatorRecorded === undefined ? {} : { recordedDir: flags.emulatorRecorded }),
  });
}

/** Whatever version and transport the arguments name, messages are those of v1 over gRPC as far as commands use them. */
async function openClient(
  flags: ConnectionFlags,
  emulator: Emulator | undefined,
): Promise<VisionBatchClient> {
  const { VisionBatchClient } = await import("../client.ts");
  return new VisionBatchClient({
    version: flags.apiVersion as "v1",
    transport: flags.transport as "grpc" | undefined,
    projectId: flags.project,
    keyFilename: flags.keyFile,
    quotaProjectId: flags.quotaProject,
    endpoint: flags.endpoint,
    location: flags.location,
    telemetry: flags.opentelemetry === true ? "opentelemetry" : undefined,
    emulator: emulator === undefined ? undefined : { grpc: emulator.grpc, rest: emulator.http },
  });
}

async function openStore(
  flags: ConnectionFlags,
  emulator: Emulator | undefined,
): Promise<ObjectStore> {
  const { createCloudStorageStore } = await import("../storage/index.ts");
  return createCloudStorageStore({
    projectId: flags.project,
    keyFilename: flags.keyFile,
    quotaProjectId: flags.quotaProject,
    apiEndpoint: emulator?.http,
  });
}
