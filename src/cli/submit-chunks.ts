import { setTimeout as sleep } from "node:timers/promises";
import type { VisionBatchClient } from "../client.ts";
import { SubmitError } from "../errors/index.ts";
import type { OperationHandle } from "../operations/index.ts";
import { prepareRequest } from "../requests/index.ts";
import { mapAhead } from "../results/map-ahead.ts";
import { attemptPrefix, chunkRequest, type ChunkRequest } from "../runs/driver/chunk-request.ts";
import type { RunInputs } from "../runs/index.ts";
import { chunkInputs } from "../runs/plan/chunk-inputs.ts";
import { BlockInputs } from "../runs/plan/block-inputs.ts";
import { toRunOptions } from "../runs/run-options.ts";
import { serverDelayMs } from "../transport/backoff.ts";
import type { JobSettings } from "./job-flags.ts";

/** What became of a submit; `planned`: it was not made. */
export type SubmitState = "planned" | "submitting" | "accepted" | "rejected" | "unknown";

/** One request on its way. */
export interface SubmitChunk {
  readonly inputs: number;
  /** The request under an output prefix of its own. */
  readonly requestFor: (attempt: number) => ChunkRequest & { readonly prefix: string };
  state: SubmitState;
  /** Where the current attempt writes. */
  prefix: string;
  handle?: OperationHandle;
  error?: Error;
}

/** Requests that are sent at a time. */
const concurrency = 4;
/** Tries of a request that the service rejects for now, each under a prefix of its own. */
const maxAttempts = 4;
const firstRetryMs = 1000;

/** Cuts inputs into requests and checks each, so that nothing is sent where one is wrong. @throws InvalidRequestError */
export async function planSubmits(
  inputs: RunInputs,
  { options: init, runId }: JobSettings,
  {
    version,
    signal,
  }: { readonly version: VisionBatchClient["version"]; readonly signal: AbortSignal },
): Promise<readonly SubmitChunk[]> {
  const options = toRunOptions(version, init);
  const chunks: SubmitChunk[] = [];
  for await (const { number, kind, size, block } of chunkInputs(inputs, {
    what: "submit",
    signal,
  })) {
    const place = { output: options.output, id: runId };
    const requestFor = (attempt: number): ReturnType<SubmitChunk["requestFor"]> => {
      const prefix = attemptPrefix(place, number, attempt);
      return { prefix, ...chunkRequest(kind, new BlockInputs(kind, block), { prefix, options }) };
    };
    const { method, request, prefix } = requestFor(1);
    prepareRequest(version, method, request as never);
    chunks.push({ inputs: size, requestFor, state: "planned", prefix });
  }
  return chunks;
}

/**
 * Sends requests, once each: what the service rejects for now, its quota being used up, is sent again
 * under another prefix, for it was surely not accepted. The signal stops further submits, never a call;
 * so does a service that cannot be reached.
 */
export async function sendSubmits(
  chunks: readonly SubmitChunk[],
  client: VisionBatchClient,
  {
    signal,
    onAccepted,
  }: { readonly signal: AbortSignal; readonly onAccepted: (chunk: SubmitChunk) => void },
): Promise<void> {
  const unreachable = new AbortController();
  const stop = AbortSignal.any([signal, unreachable.signal]);
  const sent = mapAhead(
    () => chunks,
    { ahead: concurrency },
    async (chunk) => {
      await submit(chunk, client, stop);
      if (chunk.state === "accepted") onAccepted(chunk);
      if (isUnreachable(chunk)) unreachable.abort();
    },
  );
  for await (const _chunk of sent);
}

async function submit(
  chunk: SubmitChunk,
  client: VisionBatchClient,
  stop: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !stop.aborted; attempt++) {
    const { method, request, prefix } = chunk.requestFor(attempt);
    Object.assign(chunk, { state: "submitting", prefix });
    try {
      chunk.handle = await client[method](request);
      chunk.state = "accepted";
      return;
    } catch (error) {
      chunk.error = error as Error;
      chunk.state = error instanceof SubmitError ? error.outcome : "rejected";
      const pauseMs = retryDelayMs(chunk, attempt);
      if (pauseMs === undefined || !(await pause(pauseMs, stop))) return;
    }
  }
}

/** When a request may be sent again; undefined where it may not. */
function retryDelayMs({ state, error }: SubmitChunk, attempt: number): number | undefined {
  const isBusy = error instanceof SubmitError && error.code === "RESOURCE_EXHAUSTED";
  if (!isBusy || state !== "rejected" || attempt >= maxAttempts) return undefined;
  const backoffMs = firstRetryMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.max(serverDelayMs(error), backoffMs);
}

async function pause(delayMs: number, signal: AbortSignal): Promise<boolean> {
  return sleep(delayMs, true, { signal }).catch(() => false);
}

function isUnreachable({ state, error }: SubmitChunk): boolean {
  const codes: readonly string[] = ["UNAVAILABLE", "DEADLINE_EXCEEDED"];
  return state === "rejected" && error instanceof SubmitError && codes.includes(error.code);
}
