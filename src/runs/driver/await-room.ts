import type { AttemptRecord } from "../journal/chunk-record.ts";
import type { SubmitIntent } from "../journal/chunk-writes.ts";
import { pause } from "../run-clock.ts";
import type { Evidence } from "../steps/index.ts";
import type { DriverParts } from "./driver-parts.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { Outage } from "./outage.ts";
import type { PreparedSubmit } from "./run-service.ts";
import { isUnreachable, toError } from "./send-request.ts";

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
  using turn = await submitTurns
    .of(held.current.chunk)
    .enter(signal)
    .catch(() => undefined);
  for (;;) {
    if (held.lost.aborted) return { evidence: undefined };
    if (turn === undefined || interruption.aborted) return { evidence: heldUp };
    const { changes } = room;
    const { obstacle, evidence } = await reach(held, { prepared, signal }, outage);
    if (evidence !== undefined) return { evidence };
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

/**
 * Waits until a request could leave, however long that takes; tells what else stands in its way, or what
 * must be noted first. A process that dies meanwhile leaves no intent.
 */
async function reach(
  held: HeldChunk,
  { prepared, signal }: { readonly prepared: PreparedSubmit | Error; readonly signal: AbortSignal },
  outage: Outage,
): Promise<{ readonly obstacle?: Error; readonly evidence?: Evidence }> {
  if (prepared instanceof Error) return { obstacle: prepared };
  for (;;) {
    const { error } = outage;
    if (error !== undefined && !isNoted(held)) return { evidence: { type: "unreachable", error } };
    await outage.passed(signal);
    if (signal.aborted) return {};
    const obstacle = await prepared.ready({ signal }).then(() => undefined, toError);
    if (obstacle === undefined) return {};
    if (!isUnreachable(obstacle)) return { obstacle };
    outage.failed(obstacle);
  }
}

/** Whether the journal tells that the chunk waits for the service to be reached. */
function isNoted({ current }: HeldChunk): boolean {
  return current.chunk.memo.unreachableMs !== undefined;
}
