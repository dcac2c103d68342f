import type { RpcError } from "../errors/index.ts";
import type {
  CancelledSnapshot,
  FailedSnapshot,
  OperationSnapshot,
  RunningSnapshot,
  SettledSnapshot,
  SucceededSnapshot,
} from "./operation-snapshot.ts";

/** The operation goes on. */
export interface RunningEvent<Metadata> extends Omit<RunningSnapshot<Metadata>, "state"> {
  /** Tells this event from others. */
  readonly type: "running";
  /** Whether the metadata differs from that of the event before. */
  readonly changed: boolean;
}

/** A read failed. */
export interface PollErrorEvent {
  /** Tells this event from others. */
  readonly type: "pollError";
  /** Why the read failed. */
  readonly error: RpcError;
  /** Whether watching goes on; where it does not, the error is thrown next. */
  readonly continues: boolean;
}

/** The operation ended with a result. */
export interface SucceededEvent<Result, Metadata> extends Omit<
  SucceededSnapshot<Result, Metadata>,
  "state"
> {
  /** Tells this event from others. */
  readonly type: "succeeded";
}

/** The operation ended without a result. */
export interface FailedEvent<Metadata> extends Omit<FailedSnapshot<Metadata>, "state"> {
  /** Tells this event from others. */
  readonly type: "failed";
}

/** The operation was cancelled. */
export interface CancelledEvent<Metadata> extends Omit<CancelledSnapshot<Metadata>, "state"> {
  /** Tells this event from others. */
  readonly type: "cancelled";
}

/** What a watcher of an operation is told; the last one is `succeeded`, `failed` or `cancelled`. */
export type OperationEvent<Result, Metadata> =
  RunningEvent<Metadata> | PollErrorEvent | SettledEvent<Result, Metadata>;

/** The event that ends a watch. */
export type SettledEvent<Result, Metadata> =
  SucceededEvent<Result, Metadata> | FailedEvent<Metadata> | CancelledEvent<Metadata>;

/** The event of an operation that is done. */
export function toSettledEvent<R, M>(snapshot: SettledSnapshot<R, M>): SettledEvent<R, M> {
  const { state, ...fields } = snapshot;
  return { type: state, ...fields } as SettledEvent<R, M>;
}

/** The event of an operation that goes on. */
export function toRunningEvent<M>(
  snapshot: RunningSnapshot<M>,
  before: OperationSnapshot<unknown, M> | undefined,
): RunningEvent<M> {
  const { state: type, ...fields } = snapshot;
  return { type, ...fields, changed: before === undefined || !sameMetadata(snapshot, before) };
}

/** Compared by bytes, so that unknown types and fields count as well. */
function sameMetadata<M>(
  a: OperationSnapshot<unknown, M>,
  b: OperationSnapshot<unknown, M>,
): boolean {
  const [left, right] = [a.operation.metadata, b.operation.metadata];
  if (left?.value === undefined || right?.value === undefined) return left === right;
  return left.typeUrl === right.typeUrl && Buffer.compare(left.value, right.value) === 0;
}
