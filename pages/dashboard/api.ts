import type {
  ActionAnswer,
  ChunkDetail,
  ChunkPage,
  ChunkStateName,
  DecideRequest,
  ErrorAnswer,
  RetryRequest,
  RunAction,
  SessionData,
} from "../../src/dashboard/dashboard-data.ts";
import { signal } from "@preact/signals";

/** What the server says of itself; undefined until it has. */
export const session = signal<SessionData | undefined>(undefined);

/** Why the server shows nothing to this browser: it has another key; undefined while it does show. */
export const locked = signal<string | undefined>(undefined);

/** That a request was refused, in the words of the server. */
export class RequestError extends Error {
  /** The status of HTTP. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks the server who it is; another one after a restart has another token. */
export async function readSession(): Promise<void> {
  session.value = await ask<SessionData>("api/session");
}

/** Chunks of a run after a number, in the given states, or in any. */
export async function readChunks(
  run: string,
  choice: { states: readonly ChunkStateName[]; after: number; limit: number },
  signal: AbortSignal,
): Promise<ChunkPage> {
  const { states, after, limit } = choice;
  const query = new URLSearchParams({ after: String(after), limit: String(limit) });
  if (states.length > 0) query.set("state", states.join(","));
  return ask<ChunkPage>(`${pathOf(run)}/chunks?${query.toString()}`, { signal });
}

/** All that is known of a chunk. */
export async function readChunk(
  run: string,
  chunk: number,
  signal: AbortSignal,
): Promise<ChunkDetail> {
  return ask<ChunkDetail>(`${pathOf(run)}/chunks/${chunk}`, { signal });
}

/** Lets something be done with a run. */
export async function act(
  run: string,
  action: RunAction,
  body: RetryRequest = {},
): Promise<ActionAnswer> {
  return send(`${pathOf(run)}/${action}`, body);
}

/** Decides about a chunk whose submit is of unknown fate. */
export async function decide(
  run: string,
  chunk: number,
  decision: DecideRequest["decision"],
): Promise<ActionAnswer> {
  return send(`${pathOf(run)}/chunks/${chunk}/decide`, { decision });
}

function pathOf(run: string): string {
  return `api/runs/${encodeURIComponent(run)}`;
}

/** Asks for a change; with the new token where the server was started anew since it was read. */
async function send(path: string, body: RetryRequest | DecideRequest): Promise<ActionAnswer> {
  const token = session.value?.token;
  try {
    return await post(path, body);
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 403) throw error;
    await readSession();
    if (session.value?.token === token) throw error;
    return post(path, body);
  }
}

function post(path: string, body: RetryRequest | DecideRequest): Promise<ActionAnswer> {
  const token = session.value?.token ?? "";
  return ask<ActionAnswer>(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": token },
    body: JSON.stringify(body),
  });
}

async function ask<T>(path: string, request: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, { ...request, cache: "no-store", redirect: "error" });
  const text = await answer.text();
  const message = answer.ok ? "" : (messageOf(text) ?? `HTTP ${answer.status}`);
  locked.value = answer.status === 401 ? message : undefined;
  if (!answer.ok) throw new RequestError(answer.status, message);
  return JSON.parse(text) as T;
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<ErrorAnswer>).error?.message;
  } catch {
    return undefined;
  }
}
