import {
  errorType,
  metrics,
  type SpanAttributes,
  type SpanStart,
  type Telemetry,
} from "../../telemetry/index.ts";
import type { ChunkState, ChunkWithAttempt } from "../journal/chunk-record.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { RunClock } from "../run-clock.ts";
import type { Evidence } from "../steps/index.ts";
import { isGone } from "../steps/step-errors.ts";
import type { HeldChunk } from "./held-chunk.ts";

/** What a span of a chunk tells; in metrics none of it may stand. */
export function chunkAttributes(run: string, { chunk, attempt }: ChunkWithAttempt): SpanAttributes {
  return {
    "vision_batch.run.id": run,
    "vision_batch.chunk.number": chunk.number,
    "vision_batch.chunk.attempt": chunk.attempt,
    "vision_batch.chunk.kind": chunk.kind,
    "vision_batch.inputs": chunk.size,
    "vision_batch.operation.name": attempt?.operation?.name,
  };
}

/** The span of a chunk's submit: no child of whatever happened to start the work on the run. */
export function submitSpan({
  context,
  current,
}: HeldChunk): Pick<SpanStart, "isRoot" | "attributes"> {
  return { isRoot: true, attributes: chunkAttributes(context.run.id, current) };
}

/** Reads the output of a chunk within a span, and tells how much that was. */
export async function tracedReading<T extends { readonly evidence: Evidence }>(
  { context, current }: HeldChunk,
  telemetry: Telemetry,
  read: () => Promise<T>,
): Promise<T> {
  if (!telemetry.isOn) return read();
  const start = { activity: "collect", name: "vision_batch.collect", isRoot: true } as const;
  const follows = current.attempt?.operation?.traceparent;
  const attributes = chunkAttributes(context.run.id, current);
  return telemetry.span({ ...start, follows, attributes }, async (span) => {
    const startedMs = performance.now();
    const result = await read();
    const { evidence } = result;
    const seconds = (performance.now() - startedMs) / 1000;
    if (evidence.type === "outputRead") {
      const { shards, manifest } = evidence;
      const bytes = Number(manifest["bytes"]);
      span.set({ "vision_batch.collect.shards": shards, "vision_batch.collect.bytes": bytes });
      telemetry.record(metrics.collectDuration, seconds, {});
      telemetry.add(metrics.collectSize, bytes, {});
    } else if (evidence.type === "outputUnread") {
      span.fail(evidence.error);
      const labels = { "error.type": errorType(evidence.error) };
      telemetry.record(metrics.collectDuration, seconds, labels);
    }
    return result;
  });
}

/** What brought a chunk to a step, and where to. */
interface Told {
  readonly step: ChunkStep;
  readonly evidence: Evidence;
}

/** Tells of a step of a chunk that was written; the chunk is still as it was before. */
export function tellStep(
  held: HeldChunk,
  { step, evidence }: Told,
  { telemetry, clock }: { readonly telemetry: Telemetry; readonly clock: RunClock },
): void {
  if (!telemetry.isOn) return;
  const { progress, outcome } = step;
  telemetry.add(metrics.steps, 1, { "vision_batch.chunk.state": progress.state });
  if (evidence.type === "submitFailed" && progress.state === "planned") {
    const labels = { "error.type": errorType(evidence.error) };
    telemetry.add(metrics.retries, 1, { "vision_batch.retry.kind": "submit", ...labels });
  }
  const { kind } = held.current.chunk;
  for (const [status, count] of Object.entries(outcome?.counts ?? {})) {
    if (count === 0) continue;
    const labels = { "vision_batch.chunk.kind": kind, "vision_batch.input.status": status };
    telemetry.add(metrics.inputs, count, labels);
  }
  tellWait(held, evidence, { telemetry, nowMs: clock.now() });
}

/**
 * Tells how long an operation was waited for, once it has ended or is gone: by whoever sees that, and since it
 * was accepted, whichever processes have followed it meanwhile.
 */
function tellWait(
  { context, current }: HeldChunk,
  evidence: Evidence,
  { telemetry, nowMs }: { readonly telemetry: Telemetry; readonly nowMs: number },
): void {
  const end = endOf(evidence);
  const { chunk, attempt } = current;
  if (end === undefined || attempt?.operation === undefined) return;
  const attributes = {
    ...chunkAttributes(context.run.id, current),
    "vision_batch.operation.polls": chunk.polls + 1,
    "vision_batch.operation.state": end.state,
  };
  telemetry.past({
    ...{ activity: "wait", name: "vision_batch.wait", isRoot: true, attributes },
    follows: attempt.operation.traceparent,
    startMs: attempt.settledMs ?? attempt.intentMs,
    endMs: nowMs,
    error: end.error,
  });
}

function endOf(evidence: Evidence): { readonly state: string; readonly error?: Error } | undefined {
  if (evidence.type === "operationRead") {
    return evidence.finding.state === "running" ? undefined : evidence.finding;
  }
  if (evidence.type !== "operationUnread" || !isGone(evidence.error)) return undefined;
  return { state: "gone", error: evidence.error };
}

/** Counts the chunks that are worked on by their states. */
export class HeldGauge {
  readonly #telemetry: Telemetry;
  readonly #states = new Map<HeldChunk, ChunkState>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** A chunk is in another state now, or worked on at all. */
  move(held: HeldChunk): void {
    if (!this.#telemetry.isOn) return;
    const { state } = held.current.chunk;
    if (this.#states.get(held) === state) return;
    this.leave(held);
    this.#states.set(held, state);
    this.#add(1, state);
  }

  /** A chunk is not worked on any more. */
  leave(held: HeldChunk): void {
    const state = this.#states.get(held);
    if (state !== undefined && this.#states.delete(held)) this.#add(-1, state);
  }

  #add(amount: number, state: ChunkState): void {
    this.#telemetry.add(metrics.chunksHeld, amount, { "vision_batch.chunk.state": state });
  }
}
