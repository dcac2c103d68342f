import type { AttemptRecord } from "../journal/chunk-record.ts";
import type { SubmitIntent } from "../journal/chunk-writes.ts";
import { pause } from "../run-clock.ts";
import type { Evidence } from "../steps/index.ts";
import { connect, slowConnection } from "./connect.ts";
import type { DriverParts } from "./driver-parts.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { Outage } from "./outage.ts";
import type { PreparedSubmit } from "./run-service.ts";
import { isUnreachable } from "./send-request.ts";

/** An intent whose time is not known yet, and what interrupts the wait for that. */
type Intent = Omit<SubmitIntent, "nowMs"> & { readonly interruption: AbortSignal };

/** How the wait for room ended: with an attempt, or with what must be decided before there can be one. */
type Passed =
  | {
      readonly begun: AttemptRecord;
      /** What stands in the way of the submit that was begun. */
      readonly obstacle?: Error;
    }
  /** Undefined where the claim was lost meanwhile. */
  | { readonly evidence: Evidence | undefined };

const heldUp = {
  type: "heldBack",
  gate: { gate: "wait", waitMs: 0, limit: "processing" },
} as const;

/** Waits until the service can be reached and there is room, and begins the attempt. */
export async function awaitRoom(
  held: HeldChunk,
  { intent, prepared }: { readonly intent: Intent; readonly prepared: PreparedSubmit | Error },
  parts: DriverParts,
): Promise<Passed> {
  const { journal, clock, submitTurns, room, outage } = parts;
  const { interruption, ...written } = intent;
  const signal = AbortSignal.any([interruption, held.lost]);
  using _waiting = waitForRoom(held);
  const { run, kind } = held.current.chunk;
  using turn = await submitTurns.enter(`${run} ${kind}`, signal).catch(() => undefined);
  let letThrough: Error | undefined;
  for (;;) {
    if (held.lost.aborted) return { evidence: undefined };
    if (turn === undefined || interruption.aborted) return { evidence: heldUp };
    const { changes } = room;
    const way = { prepared, signal, letThrough };
    const { obstacle, evidence } = await reach(held, way, parts);
    if (evidence !== undefined) return { evidence };
    letThrough = outage.error;
    // What came while the connection was waited for.
    if (signal.aborted) continue;
    const gate = await journal.beginAttempt(held.claim, { ...written, nowMs: clock.now() });
    if (gate.gate === "lost") return { evidence: undefined };
    if (gate.gate === "begun") {
      return { begun: gate.attempt, ...(obstacle === undefined ? {} : { obstacle }) };
    }
    if (gate.gate !== "wait") return { evidence: { type: "heldBack", gate } };
    if (isNoted(held) && outage.error === undefined) return { evidence: { type: "reachable" } };
    const { waitMs: ms, limit } = gate;
    if (limit === "processing") await room.after(changes, { clock, ms, signal });
    else await pause(clock, ms, signal);
  }
}

function waitForRoom(held: HeldChunk): Disposable {
  held.waitsForRoom = true;
  return {
    [Symbol.dispose]: () => {
      held.waitsForRoom = false;
    },
  };
}

/** How a request would leave. */
interface Way {
  readonly prepared: PreparedSubmit | Error;
  readonly signal: AbortSignal;
  /** The failure after which this one was let through to try: whoever then waits for room has not failed. */
  readonly letThrough: Error | undefined;
}

/**
 * Waits until a request could leave, however long that takes; tells what else stands in its way, or what
 * must be noted first. A process that dies meanwhile leaves no intent.
 */
async function reach(
  held: HeldChunk,
  { prepared, signal, letThrough }: Way,
  { outage, connectNoticeMs }: DriverParts,
): Promise<{ readonly obstacle?: Error; readonly evidence?: Evidence }> {
  if (prepared instanceof Error) return { obstacle: prepared };
  for (;;) {
    const { error } = outage;
    if (error !== undefined && !mayTry(held, outage)) {
      return { evidence: { type: "unreachable", error } };
    }
    if (error !== letThrough) await outage.passed(signal);
    if (signal.aborted) return {};
    const { chunk } = held.current;
    const isToTell = chunk.state === "planned" && !isNoted(held);
    const noticeMs = isToTell ? connectNoticeMs : undefined;
    const obstacle = await connect(prepared, { signal, noticeMs });
    if (obstacle === "slow") {
      held.isNotedEarly = true;
      const slow = slowConnection(chunk.kind, connectNoticeMs);
      return { evidence: { type: "unreachable", error: slow } };
    }
    if (obstacle === undefined) return {};
    if (!isUnreachable(obstacle)) return { obstacle };
    outage.failed(obstacle);
    if (held.isNotedEarly) {
      held.isNotedEarly = false;
      return { evidence: { type: "unreachable", error: obstacle, isNews: true } };
    }
  }
}

/**
 * Whether the service may be tried for a chunk: one that is planned waits for it here, once that is noted;
 * one of unknown fate is looked for instead, and tries when there is nothing to wait for.
 */
function mayTry(held: HeldChunk, outage: Outage): boolean {
  return held.current.chunk.state === "unknown" ? !outage.isPausing : isNoted(held);
}

/** Whether the journal tells that the chunk waits for the service to be reached. */
function isNoted({ current }: HeldChunk): boolean {
  return current.chunk.memo.unreachableMs !== undefined;
}
