import { RpcError } from "../errors/index.ts";
import { metrics } from "../telemetry/index.ts";
import { serverDelayMs } from "../transport/backoff.ts";
import { isTransient } from "../transport/caller.ts";
import type { CallOptions } from "../transport/transport.ts";
import type { OperationRuntime } from "./operation-runtime.ts";
import type { OperationMessage } from "./operation-snapshot.ts";

/** A read that is planned. */
export interface PlannedRead {
  readonly name: string;
  /** When it is due by what is known now, in the time of the turns. */
  readonly dueAt: () => number;
  /** Whether it may be a wait, which begins before it is due and ends when it is, or with the operation. */
  readonly mayWait: boolean;
}

/**
 * Reads an operation when it is its turn. Undefined where the read went into finding out that the server
 * knows no waits: it told nothing, but it was made, and counts as the one that was due.
 */
export async function readInTurn(
  runtime: OperationRuntime,
  { name, dueAt, mayWait }: PlannedRead,
  signal: AbortSignal,
): Promise<OperationMessage | undefined> {
  const { turns, waits, closed } = runtime;
  // What a closed client answers takes no budget, and many may wait to hear it.
  if (closed.aborted) return read(runtime, name, { signal });
  const waitMs = mayWait ? waits.lengthMs(dueAt() - turns.now()) : 0;
  if (waitMs > 0) {
    await turns.take(() => dueAt() - waitMs, signal);
    // Turns may be late, and others may have taken the room.
    const leftMs = waits.lengthMs(dueAt() - turns.now());
    if (leftMs > 0 && waits.enter()) return wait(runtime, { name, waitMs: leftMs }, signal);
    turns.giveBack();
  }
  await turns.take(dueAt, signal);
  return read(runtime, name, { signal });
}

/** Reads an operation out of turn, as somebody asked for it. */
export function readNow(
  runtime: OperationRuntime,
  name: string,
  options?: CallOptions,
): Promise<OperationMessage> {
  runtime.turns.spend();
  return read(runtime, name, options);
}

async function read(
  runtime: OperationRuntime,
  name: string,
  options?: CallOptions,
): Promise<OperationMessage> {
  const { api, turns } = runtime;
  const startedAt = turns.now();
  try {
    return await counted(api.get(name, options), runtime);
  } catch (error) {
    if (isExhausted(error)) turns.slow(startedAt, serverDelayMs(error));
    throw error;
  }
}

async function wait(
  runtime: OperationRuntime,
  { name, waitMs }: { readonly name: string; readonly waitMs: number },
  signal: AbortSignal,
): Promise<OperationMessage | undefined> {
  const { api, turns, waits } = runtime;
  const startedAt = turns.now();
  let shown: "offered" | "lacking" | undefined;
  try {
    const message = await counted(api.wait(name, waitMs, { signal }), runtime);
    shown = "offered";
    return message;
  } catch (error) {
    if (isExhausted(error)) turns.slow(startedAt, serverDelayMs(error));
    if (!isRefusal(error)) throw error;
    // A proxy may refuse the method in its own way, so that only a read tells whether the operation is meant.
    const message =
      error.code === "UNIMPLEMENTED" ? undefined : await readNow(runtime, name, { signal });
    shown = "lacking";
    return message;
  } finally {
    waits.leave(shown);
  }
}

async function counted(
  answer: Promise<OperationMessage>,
  { telemetry }: OperationRuntime,
): Promise<OperationMessage> {
  try {
    const message = await answer;
    telemetry.add(metrics.polls, 1, {});
    return message;
  } catch (error) {
    if (error instanceof RpcError) telemetry.add(metrics.polls, 1, { "error.type": error.code });
    throw error;
  }
}

function isExhausted(error: unknown): error is RpcError {
  return error instanceof RpcError && error.code === "RESOURCE_EXHAUSTED";
}

/** Whether a wait failed for good; a token that has expired is renewed. */
function isRefusal(error: unknown): error is RpcError {
  return error instanceof RpcError && !isTransient(error.code) && error.code !== "UNAUTHENTICATED";
}
