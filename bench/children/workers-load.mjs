import { createCloudStorageStore, VisionBatchClient } from "vision-batch";

/** Google's recommendation for operations of the service; an emulator would be read many times a second. */
export const servicePace = { initialMs: 20_000, multiplier: 1.5, maxMs: 45_000, jitter: 0.1 };

/** A client and a store of an emulator. @param {{ grpc: string, http: string, pace: object }} options */
export function connect({ grpc, http, pace }) {
  const client = new VisionBatchClient({ emulator: { grpc }, pollSchedule: pace });
  return { client, store: createCloudStorageStore({ apiEndpoint: http }) };
}

/** What this process has used of the processor since its start, and the most memory that it had. */
export function usage() {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMiB: maxRSS / 1024 };
}

/**
 * Answers each message, the kind of a slice, by what a function of that name tells; ends with the channel.
 * @param {Record<string, () => object | Promise<object>>} slices
 * @param {() => Promise<void>} end
 */
export function answer(slices, end) {
  process.on("message", async (kind) => process.send?.(await slices[String(kind)]?.()));
  process.on("disconnect", end);
}
