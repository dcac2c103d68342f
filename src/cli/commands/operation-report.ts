import type { OperationMessage } from "../../operations/index.ts";
import { loadJsonCodec } from "../../protocol/json-codec.ts";
import { typeNameOf, type AnyMessage } from "../../protocol/status.ts";

/** What a command prints of an operation. */
export interface OperationReport {
  readonly name: string;
  readonly state: "running" | "succeeded" | "failed" | "cancelled";
  /** What the service reports, as proto3 JSON with its `@type`; absent for a type that is not known. */
  readonly metadata?: unknown;
  readonly result?: unknown;
  readonly error?: Error;
}

/** What was read of an operation, as plain data. */
export async function reportOperation(
  { name, state, error }: Pick<OperationReport, "name" | "state" | "error">,
  { metadata, response }: OperationMessage,
): Promise<OperationReport> {
  const codec = await loadJsonCodec("v1");
  const toJson = (any: AnyMessage | undefined): unknown =>
    any === undefined || !codec.knows(typeNameOf(any.typeUrl))
      ? undefined
      : codec.toJson("google.protobuf.Any", any);
  return {
    ...{ name, state, metadata: toJson(metadata), result: toJson(response) },
    ...(error === undefined ? {} : { error }),
  };
}
