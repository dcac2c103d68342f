import type { VisionBatchClientOptions } from "./client-options.ts";
import { VisionBatchError } from "./errors/index.ts";
import { createCloudStorageStore } from "./lazy-storage.ts";
import type { ApiVersion } from "./protocol/api-version.ts";
import type { TransportName } from "./protocol/method-table.ts";
import type { ObjectStore } from "./storage/index.ts";

/**
 * Cloud Storage as a client of these options reaches the service: with the same credentials, or at the
 * same emulator.
 * @throws VisionBatchError where an emulator is named that is known by its gRPC address only.
 */
export function storeOfClient<V extends ApiVersion, T extends TransportName>(
  options: VisionBatchClientOptions<V, T>,
  environment: NodeJS.ProcessEnv = process.env,
): ObjectStore {
  const { projectId, keyFilename, credentials, authClient, quotaProjectId, universeDomain } =
    options;
  return createCloudStorageStore({
    ...{ projectId, keyFilename, credentials, authClient, quotaProjectId, universeDomain },
    apiEndpoint: endpointOf(options, environment),
  });
}

function endpointOf(
  {
    emulator,
    universeDomain = "googleapis.com",
  }: Pick<VisionBatchClientOptions, "emulator" | "universeDomain">,
  { VISION_EMULATOR_HTTP, STORAGE_EMULATOR_HOST }: NodeJS.ProcessEnv,
): string | undefined {
  if (emulator === undefined) return undefined;
  if (emulator === false) return `https://storage.${universeDomain}`;
  const { rest } = emulator;
  if (rest !== undefined) return rest.startsWith("http:") ? rest : `http://${rest}`;
  if (VISION_EMULATOR_HTTP || STORAGE_EMULATOR_HOST) return undefined;
  throw new VisionBatchError(
    'the client\'s emulator has no storage that is known: give { rest: "host:port" } beside grpc, or a store',
  );
}
