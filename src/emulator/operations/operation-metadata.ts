import type { PlainJson } from "../plain-json.ts";

/** The states of `OperationMetadata`; `BatchOperationMetadata` has names of its own for them. */
export type OperationState = "CREATED" | "RUNNING" | "DONE" | "CANCELLED";

/** What is known of an operation for its metadata. */
export interface OperationFacts {
  readonly state: OperationState;
  readonly createTime: string;
  readonly updateTime: string;
  /** Whether it has ended with an error, or without a single item done. */
  readonly failed: boolean;
}

/** The metadata of an operation, an `Any` in proto3 JSON form. */
export function operationMetadata(metadataType: string, facts: OperationFacts): PlainJson {
  const { state, createTime, updateTime } = facts;
  const isBatch = metadataType.endsWith(".BatchOperationMetadata");
  return {
    "@type": `type.googleapis.com/${metadataType}`,
    ...(isBatch ? batchFields(facts) : { state, createTime, updateTime }),
  };
}

/** Source: BatchOperationMetadata in product_search_service.proto. */
function batchFields({ state, createTime, updateTime, failed }: OperationFacts): PlainJson {
  if (state === "CREATED" || state === "RUNNING") {
    return { state: "PROCESSING", submitTime: createTime };
  }
  const end = state === "CANCELLED" ? state : failed ? "FAILED" : "SUCCESSFUL";
  return { state: end, submitTime: createTime, endTime: updateTime };
}
