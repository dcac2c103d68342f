import type { Probe } from "./probe.ts";
import { cancelOperation } from "./probes/cancel-operation.ts";
import { deleteOperation } from "./probes/delete-operation.ts";
import { fileErrors } from "./probes/file-errors.ts";
import { imageErrors } from "./probes/image-errors.ts";
import { listOperations } from "./probes/list-operations.ts";
import { operationErrors } from "./probes/operation-errors.ts";
import { operationMetadata } from "./probes/operation-metadata.ts";
import { operationNames } from "./probes/operation-names.ts";
import { prefixWithoutSlash } from "./probes/prefix-without-slash.ts";
import { refusedSources } from "./probes/refused-sources.ts";
import { retention } from "./probes/retention.ts";
import { shardOrder } from "./probes/shard-order.ts";
import { shardTimes } from "./probes/shard-times.ts";
import { waitOperation } from "./probes/wait-operation.ts";

/** Every question, in the order of the report. */
export const probes: readonly Probe[] = [
  ...[shardOrder, shardTimes, prefixWithoutSlash],
  ...[operationMetadata, operationNames],
  ...[listOperations, cancelOperation, deleteOperation, waitOperation],
  ...[refusedSources, imageErrors, operationErrors, fileErrors],
  retention,
];
