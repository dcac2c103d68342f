import { StorageError, VisionBatchError } from "./errors/index.ts";
import type { OperationHandle, SettledEvent, WatchOptions } from "./operations/index.ts";
import { ProgressEstimate } from "./progress-estimate.ts";
import type { ObjectStore } from "./storage/index.ts";
import { endedByReturn, onAbort, systemClock, type Clock } from "./transport/index.ts";

/** How far an operation has come, as far as its output shows. */
export interface OperationProgress {
  /** How the operation is, as far as it has been read. */
  readonly state: "running" | "succeeded" | "failed" | "cancelled";
  /**
   * What the shards tell. `none`: no shard is there, and nothing can be told, for the service may write
   * them only at its end; `atOnce`: there are some, and all were there when they were first seen, so that
   * nothing tells how fast they come; `appearing`: they were seen to grow in number.
   */
  readonly shards: "none" | "atOnce" | "appearing";
  /** Responses in the shards that are there: images, or pages of files. */
  readonly done: number;
  /** How many there will be; undefined for files, whose pages nobody has counted. */
  readonly total: number | undefined;
  /** Responses a second; undefined unless shards are `appearing`. */
  readonly ratePerSecond: number | undefined;
  /** Milliseconds until all are there at this rate; undefined without rate or total. */
  readonly timeLeftMs: number | undefined;
  /** Why the shards could not be listed this time; the numbers are those of the last time. */
  readonly listError: StorageError | undefined;
}

/** Options of {@link watchProgress}. */
export interface WatchProgressOptions extends WatchOptions {
  /** Where the output is. */
  readonly store: ObjectStore;
  /** The prefixes that the operation writes to. Default: those of its request, where the handle knows them. */
  readonly outputs?: readonly string[] | undefined;
  /** How many responses there will be. Default: the images of the request. */
  readonly total?: number | undefined;
  /** How often the prefixes are listed, in milliseconds. Default 10,000. */
  readonly intervalMs?: number | undefined;
  /** Where time comes from. Default: the machine. */
  readonly clock?: Clock | undefined;
}

/** The event that ended the operation; undefined while it goes on. */
type End = SettledEvent<unknown, unknown> | undefined;

/**
 * How far an operation has come, by the shards that appear at its output prefixes, since its metadata
 * has no counts: one report at once, one an interval, and a last one when it has ended in any way.
 * Leaving the loop stops watching at once; the operation goes on.
 * @throws VisionBatchError where no output prefix is known, or the interval is none; otherwise as
 * `operation.watch()`.
 */
export function watchProgress<Result, Metadata>(
  operation: OperationHandle<Result, Metadata>,
  options: WatchProgressOptions,
): AsyncGenerator<OperationProgress, void, void> {
  return endedByReturn((left) => reportProgress(operation, options, left));
}

async function* reportProgress<Result, Metadata>(
  operation: OperationHandle<Result, Metadata>,
  options: WatchProgressOptions,
  left: AbortSignal,
): AsyncGenerator<OperationProgress, void, void> {
  const watching = withDefaults(operation, options);
  const { signal, cancelOnAbort, clock, intervalMs } = watching;
  const stop = signal === undefined ? left : AbortSignal.any([signal, left]);
  const report = progressOf({ ...watching, signal: stop });
  const events = operation.watch({ signal, cancelOnAbort });
  const ending = new AbortController();
  const end = endOf(events).finally(() => {
    ending.abort();
  });
  // It may fail while nobody looks at it.
  end.catch(() => undefined);
  const unlink = onAbort([left], () => {
    ending.abort();
  });
  try {
    let ended: End;
    yield await report(ended);
    while (ended === undefined) {
      await clock.sleep(intervalMs, ending.signal).catch(ignoreAbort(ending.signal));
      left.throwIfAborted();
      ended = ending.signal.aborted ? await end : undefined;
      yield await report(ended);
    }
  } finally {
    unlink();
    await events.return();
  }
}

interface Watching extends WatchProgressOptions {
  readonly outputs: readonly string[];
  readonly clock: Clock;
  readonly intervalMs: number;
}

function withDefaults<Result, Metadata>(
  { name, origin }: OperationHandle<Result, Metadata>,
  options: WatchProgressOptions,
): Watching {
  const { clock = systemClock, intervalMs = 10_000 } = options;
  const outputs = options.outputs ?? origin?.outputs ?? [];
  if (outputs.length === 0) {
    const advice = "give the option outputs, the prefixes that it writes to";
    throw new VisionBatchError(`nothing tells where ${name} writes: ${advice}`);
  }
  if (!(intervalMs > 0)) {
    throw new VisionBatchError(
      `the intervalMs of a progress is milliseconds, more than 0; got ${String(intervalMs)}`,
    );
  }
  const images = origin?.kind === "asyncBatchAnnotateImages" ? origin.size : undefined;
  return { ...options, outputs, clock, intervalMs, total: options.total ?? images };
}

/** Makes one report after the other; of the last one with the event that ended the operation. */
function progressOf({ store, outputs, signal, clock, total }: Watching) {
  const estimate = new ProgressEstimate(total);
  let done = 0;
  return async (end: End): Promise<OperationProgress> => {
    let listError: StorageError | undefined;
    try {
      done = Math.max(done, await countResponses(store, outputs, signal));
      estimate.add(clock.now(), done);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      listError = error;
    }
    const { ratePerSecond } = estimate;
    return {
      state: end?.type ?? "running",
      shards: done === 0 ? "none" : ratePerSecond === undefined ? "atOnce" : "appearing",
      ...{ done, total, ratePerSecond, listError },
      timeLeftMs: end === undefined ? estimate.timeLeftMs : undefined,
    };
  };
}

/** The responses that the shards at some prefixes hold, by their names; what two of them cover counts once. */
async function countResponses(
  store: ObjectStore,
  prefixes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const { findShards } = await import("./results/index.ts");
  let count = 0;
  for (const prefix of prefixes) {
    let covered = 0;
    for (const { first, last } of (await findShards(store, prefix, { signal })).shards) {
      count += Math.max(0, last - Math.max(covered, first - 1));
      covered = Math.max(covered, last);
    }
  }
  return count;
}

async function endOf(events: ReturnType<OperationHandle["watch"]>): Promise<End> {
  let last: End;
  for await (const event of events) {
    if (event.type !== "running" && event.type !== "pollError") last = event;
  }
  return last;
}

/** A sleep that was ended is over; a clock that cannot sleep is not to be asked again and again. */
function ignoreAbort(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
