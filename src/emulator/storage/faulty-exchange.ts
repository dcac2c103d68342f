import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { ApiError } from "./api-error.ts";
import { errorReply, sendReply, type Reply } from "./reply.ts";
import type { StorageFault } from "./storage-fault.ts";

/** A request and its answer, with the fault that they meet. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: StorageFault;
  /** Whether the content goes to the server. */
  readonly isUpload: boolean;
  /** Does what was asked, given the bytes of the request. */
  readonly run: (body: AsyncIterable<Uint8Array>) => Promise<Reply>;
}

/** Runs one exchange and sends its answer, with the fault applied where it says. */
export async function exchange(parts: Exchange): Promise<void> {
  const { incoming, response, fault, isUpload } = parts;
  const cut = fault.dropConnection === "afterBytes" ? (fault.afterBytes ?? 0) : undefined;
  const reply =
    fault.when === "after" ? await struckAfter(parts, cut) : await struckBefore(parts, cut);
  const isBroken = response.destroyed || (incoming.destroyed && !incoming.complete);
  if (reply === undefined || isBroken) {
    reply?.close?.();
    response.destroy();
    return;
  }
  // What is left of the body would else be taken for the next request.
  incoming.resume();
  await sendReply(response, reply, { dropAfterBytes: isUpload ? undefined : cut });
}

/** The answer; undefined where the connection is to be dropped. */
async function struckBefore(parts: Exchange, cut: number | undefined): Promise<Reply | undefined> {
  const { response, fault } = parts;
  await pause(fault.delayMs, response);
  if (response.destroyed || fault.dropConnection === "before") return undefined;
  return fault.status === undefined ? run(parts, cut) : statusReply(fault.status);
}

/** The answer after the call took effect; undefined where the connection is to be dropped. */
async function struckAfter(parts: Exchange, cut: number | undefined): Promise<Reply | undefined> {
  const { response, fault } = parts;
  await pause(fault.delayBeforeMs, response);
  if (response.destroyed) return undefined;
  const reply = await run(parts, cut);
  await pause(fault.delayMs, response);
  if (fault.status === undefined && fault.dropConnection !== "before") return reply;
  reply.close?.();
  return fault.status === undefined ? undefined : statusReply(fault.status);
}

async function run(parts: Exchange, cut: number | undefined): Promise<Reply> {
  const { incoming, response } = parts;
  const body = incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  if (cut === undefined || !parts.isUpload) return parts.run(body);
  return parts.run(cutAfter(body, cut, () => response.destroy()));
}

/** A body of which only the first bytes arrive. */
async function* cutAfter(
  body: AsyncIterable<Uint8Array>,
  count: number,
  drop: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = count;
  for await (const chunk of body) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left > 0) continue;
    drop();
    throw new ApiError(408, "the connection was dropped");
  }
}

function statusReply({ httpStatus, code, message }: NonNullable<StorageFault["status"]>): Reply {
  return errorReply(new ApiError(httpStatus, message, code));
}

/** Waits, but not for a client that went away. */
async function pause(delayMs: number | undefined, response: ServerResponse): Promise<void> {
  if (delayMs === undefined || delayMs === 0 || response.destroyed) return;
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  response.once("close", stop);
  await sleep(delayMs, undefined, { signal: controller.signal }).catch(() => undefined);
  response.off("close", stop);
}
