export type { CloudStorageOptions, StorageRetryOptions } from "./cloud-storage-options.ts";
export { createCloudStorageStore } from "./cloud-storage-store.ts";
export { crc32c, formatCrc32c } from "./crc32c.ts";
export { createDirectoryStore } from "./directory-store.ts";
export {
  bucketNameProblem,
  formatGsUri,
  objectNameProblem,
  parseGsUri,
  parseObjectUri,
  type GsUri,
} from "./gs-uri.ts";
export { ObjectDirectory, type ObjectDirectoryOptions } from "./object-directory.ts";
export type { ObjectInfo, ObjectStore, ReadOptions, WriteOptions } from "./object-store.ts";
