import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { JournalError } from "../errors/index.ts";
import { wallClock, type RunClock } from "../runs/run-clock.ts";
import type { Runs } from "../runs/index.ts";
import { AccessKey, lockedText } from "./access-key.ts";
import { Board } from "./board.ts";
import type { ErrorAnswer } from "./dashboard-data.ts";
import { htmlType, plainPage, readPage, safeHeaders, type ServedFile } from "./dashboard-page.ts";
import { toErrorData } from "./error-data.ts";
import { LiveBoard } from "./live-board.ts";
import { Refusal } from "./refusal.ts";
import { RequestGuard } from "./request-guard.ts";
import { answerApi, type RouteParts } from "./routes.ts";
import { isRefusedByRuns } from "./run-actions.ts";

/** How a dashboard is served. */
export interface DashboardOptions {
  /** Whose journal is shown. What is done from the page is done by these: where they drive, runs are worked on here. They stay open. */
  readonly runs: Runs;
  /** How the journal is named in the page; without a password. */
  readonly journal: string;
  /** Of this package. */
  readonly version: string;
  /** Of 127.0.0.1. Default 0: a free one. */
  readonly port?: number | undefined;
  /** Whether nothing can be changed from the page. Default false. */
  readonly readOnly?: boolean | undefined;
  /** The worker that serves it, as it is named in claims. */
  readonly worker?: string | undefined;
  /** Who is noted for decisions. */
  readonly user?: string | undefined;
  /** By which looks are paced. Default: that of the machine. */
  readonly clock?: RunClock | undefined;
  /** Where the script and the style of the page are. Default: where the build puts them. */
  readonly assets?: string | undefined;
}

/** A page over the runs of a journal, for browsers of this machine that open its URL. */
export interface Dashboard extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/?key=KEY`: who has it may see and do all. */
  readonly url: string;
  /** Ends it and all that look at once. May be called again. */
  close(): Promise<void>;
}

const host = "127.0.0.1";
const lockedBody = `<h1>This page needs its key</h1>\n<p>${lockedText}</p>`;

/**
 * Serves a page over the runs of a journal to browsers of this machine that open its URL, which holds a key of this
 * server alone. The journal is read while somebody looks.
 * @throws VisionBatchError where the page was not built; the error of a port that is taken.
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { runs, journal, version, readOnly = false, worker, user, clock = wallClock } = options;
  const files = await readPage(options.assets);
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 });
  server.maxConnections = 256;
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const live = new LiveBoard(new Board(runs, { readOnly, worker }), clock);
  const key = new AccessKey(port);
  const session = { readOnly, journal, version, ...(worker === undefined ? {} : { worker }) };
  const parts = { runs, live, guard: new RequestGuard(port), session, user };
  server.on("request", (request, response) => {
    void serve({ parts, files, key }, request, response);
  });
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= end(server));
  return { url: `http://${host}:${port}/${key.search}`, close, [Symbol.asyncDispose]: close };
}

async function end(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

interface Served {
  readonly parts: RouteParts;
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly key: AccessKey;
}

async function serve(
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
  try {
    await answer(served, request, response);
  } catch (error) {
    refuse(request, response, error);
  }
}

async function answer(
  { parts, files, key }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  parts.guard.checkHost(request);
  const { method = "", url = "/" } = request;
  if (method === "GET" && key.isIn(url)) {
    letIn(key, request, response);
    return;
  }
  key.check(request);
  if (method !== "GET" && method !== "POST") {
    throw new Refusal(405, "only GET and POST", { allow: "GET, POST" });
  }
  if (url.startsWith("/api/")) {
    const data = await answerApi(parts, request, response);
    if (data !== undefined) send(response, 200, data);
    return;
  }
  const file = files.get(url.split("?")[0] ?? "");
  if (file === undefined) throw new Refusal(404, "there is no such page");
  if (method !== "GET") throw new Refusal(405, "only GET", { allow: "GET" });
  response.writeHead(200, { "content-type": file.contentType }).end(file.content);
}

/** The key goes from the address of the browser, and so from its history, into a cookie. */
function letIn(key: AccessKey, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("set-cookie", key.setCookie);
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") {
    response.writeHead(303, { location: "/" }).end();
    return;
  }
  // After a link of another site a browser would not send the cookie to where it is redirected, but to where a page leads.
  const refresh = '\n<meta http-equiv="refresh" content="0; url=/">';
  const text = plainPage('<p><a href="/">To the runs</a></p>', refresh);
  response.writeHead(200, { "content-type": htmlType }).end(text);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof Refusal) {
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  }
  if (
    error instanceof Refusal &&
    error.status === 401 &&
    request.url?.startsWith("/api/") !== true
  ) {
    response.writeHead(401, { "content-type": htmlType }).end(plainPage(lockedBody));
    return;
  }
  send(response, statusOf(error), { error: toErrorData(error) } satisfies ErrorAnswer);
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  if (error instanceof JournalError) return 503;
  return isRefusedByRuns(error) ? 409 : 500;
}

function send(response: ServerResponse, status: number, data: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(data));
}
