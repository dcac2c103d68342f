import {
  VisionBatchClient,
  type PollSchedule,
  type VisionBatchClientOptions,
} from "../../src/index.ts";
import { createCloudStorageStore, type ObjectStore } from "../../src/storage/index.ts";
import type { Service } from "./arguments.ts";

/** Closer together than the client's own: what appears when is one of the questions. */
const liveSchedule: PollSchedule = { initialMs: 2000, multiplier: 1.2, maxMs: 5000, jitter: 0.1 };
const emulatorSchedule: PollSchedule = { initialMs: 20, multiplier: 1.3, maxMs: 200, jitter: 0.1 };

/** The options that the client and the raw calls share; the environment has no say. */
export function connectionOptions(service: Service): VisionBatchClientOptions {
  const { project, keyFile, location, emulator } = service;
  return {
    ...{ projectId: project, keyFilename: keyFile, location },
    emulator: emulator === undefined ? false : { grpc: emulator.grpc },
  };
}

/** The client under test. */
export function openClient(service: Service): VisionBatchClient {
  const pollSchedule = service.emulator === undefined ? liveSchedule : emulatorSchedule;
  return new VisionBatchClient({ ...connectionOptions(service), pollSchedule });
}

/** The store that the inputs are staged in and the results are read from. */
export function openStore({ project, keyFile, emulator }: Service): ObjectStore {
  return createCloudStorageStore({
    ...{ projectId: project, keyFilename: keyFile, apiEndpoint: emulator?.http },
  });
}
