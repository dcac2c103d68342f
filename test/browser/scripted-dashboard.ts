import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type {
  ChunkDetail,
  ChunkEntry,
  DashboardEvents,
  RunDetail,
  RunEntry,
  SessionData,
} from "../../src/dashboard/dashboard-data.ts";
import {
  sampleChunk,
  sampleChunkDetail,
  samplePoints,
  sampleWorkers,
} from "./dashboard-samples.ts";

const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'",
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join("; ");
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Runs</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="dashboard.css"></head><body><div id="app"></div>
<script src="dashboard.js"></script></body></html>`;

/** What the server is made to say. */
export interface Script {
  session?: Partial<SessionData>;
  details: RunDetail[];
  /** Why nothing is told to who has not the key. */
  locked?: string;
  /** Why nothing is done of what is asked for. */
  refusal?: string;
  chunk?: (number: number) => ChunkEntry;
  chunkDetail?: (number: number) => ChunkDetail;
}

/** An action that was asked for. */
export interface Posted {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: unknown;
}

/** A dashboard's server that says what a test wants, where no journal would come to it soon. */
export class ScriptedDashboard {
  readonly script: Script;
  readonly posts: Posted[] = [];
  /** How often anything was asked for. */
  asked = 0;
  readonly #assets: string;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response);
  });
  readonly #streams = new Set<{ readonly run: string | null; readonly response: ServerResponse }>();

  private constructor(script: Script, assets: string) {
    this.script = script;
    this.#assets = assets;
  }

  static async start(script: Script, assets: string, port = 0): Promise<ScriptedDashboard> {
    const started = new ScriptedDashboard(script, assets);
    await new Promise<void>((resolve) => started.#server.listen(port, "127.0.0.1", resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Who listens now: the runs that are looked at. */
  get listeners(): readonly (string | null)[] {
    return Array.from(this.#streams, ({ run }) => run);
  }

  /** Tells all who listen. */
  tell<Name extends keyof DashboardEvents>(name: Name, data: DashboardEvents[Name]): void {
    for (const { response } of this.#streams) write(response, name, data);
  }

  /** Ends the streams of all who listen. */
  hangUp(): void {
    for (const { response } of this.#streams) response.end();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.asked += 1;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const [, chunkRun, number] = /^\/api\/runs\/[^/]+\/(chunks)(?:\/(\d+))?$/.exec(pathname) ?? [];
    const { locked } = this.script;
    if (locked !== undefined && pathname.startsWith("/api/")) {
      response.writeHead(401).end(JSON.stringify({ error: { name: "Refusal", message: locked } }));
    } else if (request.method === "POST") void this.#post(pathname, request, response);
    else if (pathname === "/") send(response, page, "text/html; charset=utf-8");
    else if (/^\/dashboard\.(js|css)$/.test(pathname)) this.#asset(response, pathname);
    else if (pathname === "/api/session") send(response, JSON.stringify(this.#session()));
    else if (pathname === "/api/events") this.#stream(response, searchParams.get("run"));
    else if (number !== undefined) {
      send(
        response,
        JSON.stringify((this.script.chunkDetail ?? sampleChunkDetail)(Number(number))),
      );
    } else if (chunkRun !== undefined) this.#chunks(response, searchParams);
    else response.writeHead(404).end(JSON.stringify({ error: { name: "x", message: "none" } }));
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const part of request) text += String(part);
    const token = request.headers["x-csrf-token"];
    this.posts.push({ path, token: String(token), body: JSON.parse(text) });
    const isOurs = token === this.#session().token;
    const message = isOurs ? this.script.refusal : "The token is not of this server.";
    if (message !== undefined) {
      response.writeHead(isOurs ? 409 : 403, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { name: "VisionBatchError", message } }));
      return;
    }
    send(response, JSON.stringify({ note: `Done: ${path}`, run: this.script.details[0] }));
  }

  #asset(response: ServerResponse, path: string): void {
    const type = path.endsWith(".js") ? "text/javascript" : "text/css";
    send(response, readFileSync(join(this.#assets, path), "utf8"), type);
  }

  #session(): SessionData {
    const base = { token: "t", readOnly: false, journal: "sqlite:runs.db", version: "0.1.0" };
    return { ...base, ...this.script.session };
  }

  #chunks(response: ServerResponse, query: URLSearchParams): void {
    const [after, limit] = [Number(query.get("after") ?? -1), Number(query.get("limit") ?? 100)];
    const states = query.get("state")?.split(",");
    const total = this.script.details[0]?.chunks.total ?? 0;
    const chunks: ChunkEntry[] = [];
    let number = after + 1;
    for (; number < total && chunks.length < limit; number++) {
      const chunk = (this.script.chunk ?? sampleChunk)(number);
      if (states?.includes(chunk.state) !== false) chunks.push(chunk);
    }
    const last = chunks.at(-1)?.number;
    const more = number < total && last !== undefined ? { next: last } : {};
    send(response, JSON.stringify({ atMs: Date.now(), chunks, ...more }));
  }

  #stream(response: ServerResponse, run: string | null): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("retry: 200\n\n");
    const stream = { run, response };
    this.#streams.add(stream);
    response.once("close", () => this.#streams.delete(stream));
    const { details } = this.script;
    write(response, "runs", { atMs: Date.now(), runs: entries(details), removed: [], left: 0 });
    write(response, "workers", sampleWorkers);
    write(response, "throughput", { ...(run === null ? {} : { run }), points: samplePoints });
    if (run === null) return;
    const detail = details.find(({ id }) => id === run);
    if (detail === undefined) write(response, "gone", { run });
    else write(response, "run", detail);
  }
}

function entries(details: readonly RunDetail[]): readonly RunEntry[] {
  return details;
}

function send(response: ServerResponse, body: string, type = "application/json"): void {
  response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(body);
}

function write<Name extends keyof DashboardEvents>(
  response: ServerResponse,
  name: Name,
  data: DashboardEvents[Name],
): void {
  response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
