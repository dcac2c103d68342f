import type { IncomingMessage, ServerResponse } from "node:http";
import type { Run, Runs } from "../runs/index.ts";
import { readChunkDetail, readChunkPage, type ChunkChoice } from "./chunk-data.ts";
import {
  chunkStateNames,
  type ActionAnswer,
  type RunAction,
  type RunDetail,
  type SessionData,
} from "./dashboard-data.ts";
import { EventStream } from "./event-stream.ts";
import type { LiveBoard } from "./live-board.ts";
import { Refusal } from "./refusal.ts";
import { readBody, type RequestGuard } from "./request-guard.ts";
import { decideChunk, findRun, runActions, type Done } from "./run-actions.ts";

/** What the routes are served from. */
export interface RouteParts {
  readonly runs: Runs;
  readonly live: LiveBoard;
  readonly guard: RequestGuard;
  readonly session: Omit<SessionData, "token">;
  readonly user: string | undefined;
}

const streamsAtOnce = 32;
const chunksTold = 100;
const mostChunks = 500;

/** A path below `/api/`, in words, with its query. */
interface Asked {
  readonly words: readonly string[];
  readonly query: URLSearchParams;
}

/** Answers what is asked of the API with data; undefined where the answer is a stream of events. @throws Refusal, JournalError */
export async function answerApi(
  parts: RouteParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<object | undefined> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const words = url.pathname.split("/").slice(2).map(decode);
  const asked = { words, query: url.searchParams };
  if (request.method === "POST") return change(parts, asked, request);
  parts.guard.checkSite(request);
  if (words.join("/") === "session") {
    parts.guard.checkOwnPage(request);
    return { token: parts.guard.token, ...parts.session } satisfies SessionData;
  }
  if (words.join("/") === "events") {
    startStream(parts, asked, response);
    return undefined;
  }
  return read(parts, asked);
}

function startStream({ live }: RouteParts, { query }: Asked, response: ServerResponse): void {
  if (live.watchers >= streamsAtOnce) {
    throw new Refusal(503, `more than ${streamsAtOnce} pages look already`, { "retry-after": "5" });
  }
  new EventStream(live, response, query.get("run") ?? undefined).start();
}

async function read(parts: RouteParts, { words, query }: Asked): Promise<object> {
  const { live, runs } = parts;
  const [what, id, list, number] = words;
  if (words.length === 1 && what === "runs") {
    await live.fresh();
    const { board } = live;
    return { atMs: board.atMs, runs: board.changedSince(0), left: board.left };
  }
  if (words.length === 1 && what === "workers") {
    await live.fresh();
    return live.board.workers.list;
  }
  if (what !== "runs" || id === undefined) throw notFound(words);
  const run = await findRun(runs, id);
  if (words.length === 2) return readRun(parts, run);
  if (list !== "chunks") throw notFound(words);
  if (words.length === 3) {
    return { atMs: live.now(), ...(await readChunkPage(run, toChoice(query))) };
  }
  if (words.length !== 4) throw notFound(words);
  const chunk = toNumber("the number of a chunk", number ?? "");
  const detail = await readChunkDetail(run, chunk);
  if (detail === undefined) throw new Refusal(404, `run ${id} has no chunk ${chunk}`);
  return { atMs: live.now(), ...detail };
}

async function readRun({ live }: RouteParts, run: Run): Promise<RunDetail> {
  const detail = await live.readDetail(run.id);
  if (detail === undefined) throw new Refusal(404, `there is no run ${JSON.stringify(run.id)}`);
  return detail;
}

async function change(
  parts: RouteParts,
  { words }: Asked,
  request: IncomingMessage,
): Promise<ActionAnswer> {
  const { guard, session, live, runs } = parts;
  guard.checkChange(request);
  if (session.readOnly) throw new Refusal(403, "nothing can be changed from here");
  const act = actionOf(parts, words);
  const body = await readBody(request);
  const [, id = ""] = words;
  await findRun(runs, id);
  const { note, run } = await act(body);
  await live.changed();
  return { note, run: await live.board.readEntry((await runs.get(id)) ?? run) };
}

function actionOf(
  { runs, user }: RouteParts,
  words: readonly string[],
): (body: Readonly<Record<string, unknown>>) => Promise<Done> {
  const [what, id, name, number, verb] = words;
  if (what !== "runs" || id === undefined || name === undefined) throw notFound(words);
  if (words.length === 3 && Object.hasOwn(runActions, name)) {
    return (body) => runActions[name as RunAction](runs, id, body);
  }
  if (words.length !== 5 || name !== "chunks" || verb !== "decide") throw notFound(words);
  const chunk = toNumber("the number of a chunk", number ?? "");
  return (body) => decideChunk(runs, { id, chunk }, { body, user });
}

function toChoice(query: URLSearchParams): ChunkChoice {
  const states = (query.get("state") ?? "").split(",").filter((each) => each !== "");
  const known = chunkStateNames.filter((each) => states.includes(each));
  if (known.length !== new Set(states).size) {
    throw new Refusal(400, `state must be some of ${chunkStateNames.join(", ")}`);
  }
  const after = query.get("after") ?? "-1";
  const limit = query.get("limit") ?? String(chunksTold);
  return {
    states: known,
    after: after === "-1" ? -1 : toNumber("after", after),
    limit: Math.min(mostChunks, Math.max(1, toNumber("limit", limit))),
  };
}

function toNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal(400, `${name} must be a whole number`);
}

function notFound(words: readonly string[]): Refusal {
  return new Refusal(404, `there is no /api/${words.join("/")}`);
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    throw new Refusal(400, "the path is not well encoded");
  }
}
