import { InvalidRequestError, SubmitError, VisionBatchError } from "../../errors/index.ts";
import type { SubmitGate, SubmitIntent } from "../journal/chunk-writes.ts";
import type { NewEvent } from "../journal/event-record.ts";
import { decodeInputs } from "../plan/input-block.ts";
import { pause } from "../run-clock.ts";
import type { Evidence } from "../steps/index.ts";
import { attemptPrefix, chunkRequest, requestFingerprint } from "./chunk-request.ts";
import type { DriverParts } from "./driver-parts.ts";
import { readHeldBlock } from "./held-block.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { PreparedSubmit } from "./run-service.ts";

/** What interrupts a wait for room. */
interface SubmitOptions {
  readonly event: NewEvent;
  readonly interruption: AbortSignal;
}

/** Writes the intent to submit a chunk once there is room, and sends it; undefined where the claim is lost. */
export async function submitChunk(
  held: HeldChunk,
  options: SubmitOptions,
  parts: DriverParts,
): Promise<Evidence | undefined> {
  // Prepared before the intent is written, so that as little as possible lies between that and the call.
  const ready = await prepare(held, parts);
  if (ready === undefined) return undefined;
  const { prefix, fingerprint, prepared } = ready;
  const { limits } = held.context;
  const intent = { prefix, fingerprint, limits, ...options };
  const { gate, obstacle = prepared } = await passGate(held, { intent, prepared }, parts);
  if (gate === undefined || gate.gate === "lost") return undefined;
  if (gate.gate !== "begun") return { type: "heldBack", gate };
  held.begin(gate.attempt);
  if (obstacle instanceof Error) {
    return { type: "submitFailed", outcome: "rejected", error: obstacle };
  }
  // A process that was held up since must not send what another may have taken over.
  if (held.lost.aborted || parts.clock.now() >= held.leaseUntilMs) {
    const error = new VisionBatchError("nothing was sent: the claim was over");
    return { type: "submitFailed", outcome: "rejected", error };
  }
  return send(held, obstacle, parts);
}

async function prepare(held: HeldChunk, { journal, service }: DriverParts) {
  const { chunk } = held.current;
  const { run, options } = held.context;
  const { kind, number } = chunk;
  const block = await readHeldBlock(held, journal);
  if (block === undefined) return undefined;
  const place = { output: options.output, id: run.id };
  const prefix = attemptPrefix(place, number, chunk.attempt + 1);
  const { method, request } = chunkRequest(kind, decodeInputs(kind, block), { prefix, options });
  const prepared = await service
    .prepare(method, request, { signal: held.lost })
    .catch((error: unknown) => toError(error));
  return { prefix, fingerprint: requestFingerprint(block, { kind, prefix, options }), prepared };
}

type Intent = Omit<SubmitIntent, "nowMs"> & SubmitOptions;

/** How the wait for room ended. */
interface Passed {
  /** Undefined where the claim was lost meanwhile; a `wait` where something else must be known first. */
  readonly gate: SubmitGate | undefined;
  /** What stands in the way of the submit that was begun. */
  readonly obstacle?: Error;
}

const heldUp = { gate: "wait", waitMs: 0, limit: "processing" } as const;

/** Waits for room. */
async function passGate(
  held: HeldChunk,
  { intent, prepared }: { readonly intent: Intent; readonly prepared: PreparedSubmit | Error },
  { journal, clock, submitTurns, room }: DriverParts,
): Promise<Passed> {
  const { interruption, ...written } = intent;
  const signal = AbortSignal.any([interruption, held.lost]);
  using turn = await submitTurns[held.current.chunk.kind].enter(signal).catch(() => undefined);
  for (;;) {
    if (held.lost.aborted) return { gate: undefined };
    if (turn === undefined || interruption.aborted) return { gate: heldUp };
    const { changes } = room;
    const obstacle = await findObstacle(prepared, signal);
    // What came while the connection was waited for.
    if (signal.aborted) continue;
    const gate = await journal.beginAttempt(held.claim, { ...written, nowMs: clock.now() });
    if (gate.gate !== "wait") return obstacle === undefined ? { gate } : { gate, obstacle };
    const { waitMs: ms, limit } = gate;
    if (limit === "processing") await room.after(changes, { clock, ms, signal });
    else await pause(clock, ms, signal);
  }
}

/** Why a request could not leave now. A process that dies while it waits for a connection must leave no intent. */
async function findObstacle(
  prepared: PreparedSubmit | Error,
  signal: AbortSignal,
): Promise<Error | undefined> {
  if (prepared instanceof Error) return prepared;
  return prepared.ready({ signal }).then(() => undefined, toError);
}

async function send(
  held: HeldChunk,
  prepared: PreparedSubmit,
  { hurry }: DriverParts,
): Promise<Evidence> {
  try {
    held.handle = await prepared.send({ signal: hurry });
    return { type: "accepted", operation: held.handle.toJSON() };
  } catch (thrown) {
    const error = toError(thrown);
    return { type: "submitFailed", outcome: outcomeOf(error, hurry), error };
  }
}

/** An abort that is not a SubmitError, and a request that was found wrong, came before anything was sent. */
function outcomeOf(error: Error, hurry: AbortSignal): "rejected" | "unknown" {
  if (error instanceof SubmitError) return error.outcome;
  const isUnsent =
    error instanceof InvalidRequestError || (hurry.aborted && error === hurry.reason);
  return isUnsent ? "rejected" : "unknown";
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
