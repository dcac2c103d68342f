import type { NewEvent } from "../journal/event-record.ts";
import { BlockInputs } from "../plan/block-inputs.ts";
import type { Evidence } from "../steps/index.ts";
import { awaitRoom } from "./await-room.ts";
import { attemptPrefix, chunkRequest, requestFingerprint } from "./chunk-request.ts";
import type { DriverParts } from "./driver-parts.ts";
import { readHeldBlock } from "./held-block.ts";
import type { HeldChunk } from "./held-chunk.ts";
import { sendRequest, toError } from "./send-request.ts";

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
  const gone = held.current.attempt?.operation?.name;
  const known = gone === undefined ? {} : { goneOperation: gone };
  const intent = { prefix, fingerprint, limits, ...known, ...options };
  const passed = await awaitRoom(held, { intent, prepared }, parts);
  if (!("begun" in passed)) return passed.evidence;
  held.begin(passed.begun);
  parts.held.move(held);
  const { obstacle = prepared } = passed;
  if (obstacle instanceof Error) {
    return { type: "submitFailed", outcome: "rejected", error: obstacle };
  }
  return sendRequest(held, obstacle, parts);
}

async function prepare(held: HeldChunk, { journal, service }: DriverParts) {
  const { chunk } = held.current;
  const { run, options } = held.context;
  const { kind, number } = chunk;
  const block = await readHeldBlock(held, journal);
  if (block === undefined) return undefined;
  const place = { output: options.output, id: run.id };
  const prefix = attemptPrefix(place, number, chunk.attempt + 1);
  const { method, request } = chunkRequest(kind, new BlockInputs(kind, block), { prefix, options });
  const prepared = await service.prepare(method, request, { signal: held.lost }).catch(toError);
  return { prefix, fingerprint: requestFingerprint(block, { kind, prefix, options }), prepared };
}
