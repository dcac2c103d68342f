/** What the metadata of an operation tells of its times, in milliseconds since 1970 by the service's clock. */
export interface OperationTimes {
  readonly createdMs: number | undefined;
  /** The last change; of an operation that is done, its end. */
  readonly updatedMs: number | undefined;
}

/**
 * The times in an operation's metadata: `createTime` and `updateTime` of OperationMetadata, `submitTime`
 * and `endTime` of product search's BatchOperationMetadata.
 */
export function timesOf(metadata: unknown): OperationTimes {
  const fields = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  return {
    createdMs: millisecondsOf(fields["createTime"] ?? fields["submitTime"]),
    updatedMs: millisecondsOf(fields["updateTime"] ?? fields["endTime"]),
  };
}

/** A `google.protobuf.Timestamp` in milliseconds. */
function millisecondsOf(timestamp: unknown): number | undefined {
  const { seconds, nanos } = (timestamp ?? {}) as { seconds?: unknown; nanos?: unknown };
  const ms = Number(seconds ?? Number.NaN) * 1000 + Number(nanos ?? 0) / 1e6;
  return Number.isFinite(ms) ? ms : undefined;
}
