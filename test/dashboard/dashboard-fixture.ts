import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startDashboard,
  type Dashboard,
  type DashboardOptions,
} from "../../src/dashboard/index.ts";
import type { DashboardEvents, SessionData } from "../../src/dashboard/dashboard-data.ts";
import type { Journal, Runs } from "../../src/index.ts";
import { openJournal } from "../../src/runs/journal/open-journal.ts";
import type { RunsFixture } from "../runs/runs-fixture.ts";

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a request is made of, beside its path. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What becomes of calls of the journal. */
export interface JournalFailure {
  error?: Error;
  /** There is no answer at all. */
  isSilent?: boolean;
}

/** A dashboard over the runs of a journal, whose calls are counted. */
export class DashboardFixture {
  readonly runs: RunsFixture;
  /** Every call of the journal that was made for the dashboard. */
  readonly calls: string[] = [];
  readonly dashboard: Dashboard;
  /** What the browser of who has opened the URL brings with it. */
  readonly cookie: string;
  readonly #journal: Journal;
  readonly #assets: string;

  private constructor(
    runs: RunsFixture,
    parts: {
      journal: Journal;
      assets: string;
      dashboard: Dashboard;
      calls: string[];
      cookie: string;
    },
  ) {
    this.runs = runs;
    this.#journal = parts.journal;
    this.#assets = parts.assets;
    this.dashboard = parts.dashboard;
    this.calls = parts.calls;
    this.cookie = parts.cookie;
  }

  static async start(
    runs: RunsFixture,
    options: Partial<DashboardOptions> = {},
    fail: JournalFailure = {},
  ): Promise<DashboardFixture> {
    const assets = await mkdtemp(join(tmpdir(), "vision-batch-dashboard-"));
    await writeFile(join(assets, "dashboard.js"), "script();");
    await writeFile(join(assets, "dashboard.css"), "body{}");
    const journal = await openJournal(runs.journal);
    const calls: string[] = [];
    const counting = countCalls(journal, calls, fail);
    const shown: Runs = await runs.open({ journal: counting, drive: false });
    calls.length = 0;
    const dashboard = await startDashboard({
      ...{ runs: shown, journal: "sqlite:runs.db", version: "1.2.3", assets },
      ...options,
    });
    const cookie = await openDashboardUrl(dashboard.url);
    return new DashboardFixture(runs, { journal, assets, dashboard, calls, cookie });
  }

  /** As a page of this server asks; without a cookie where that is empty. */
  async ask(path: string, { method = "GET", headers = {}, body }: Asking = {}): Promise<Answer> {
    const url = new URL(path, this.dashboard.url);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const own = { "sec-fetch-site": "same-origin", cookie: this.cookie, ...headers };
    const asking = httpRequest(url, { method, headers: own, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on("error", reject);
    });
    asking.on("error", reject).end(body);
    return promise;
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse((await this.ask(path)).text) as T;
  }

  /** The headers of a change that is in order. */
  async changing(): Promise<Record<string, string>> {
    const { token } = await this.json<SessionData>("/api/session");
    const { origin } = new URL(this.dashboard.url);
    return { origin, "x-csrf-token": token, "content-type": "application/json" };
  }

  async post(path: string, body: object = {}): Promise<Answer> {
    const headers = await this.changing();
    return this.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** Listens to the events; `leave` ends the connection. */
  async listen(query = ""): Promise<Listener> {
    const cut = new AbortController();
    const url = new URL(`/api/events${query}`, this.dashboard.url);
    const { cookie } = this;
    const response = await fetch(url, { signal: cut.signal, headers: { cookie } });
    return new Listener(response, cut);
  }

  async close(): Promise<void> {
    await this.dashboard.close();
    await this.runs.close();
    await this.#journal.close();
    await rm(this.#assets, { recursive: true });
  }
}

/** Opens the URL of a dashboard as a browser does; returns the cookie that it then keeps. */
export async function openDashboardUrl(url: string): Promise<string> {
  const { status, headers } = await fetch(url, { redirect: "manual" });
  if (status !== 303) throw new Error(`${status} instead of a redirection`);
  return headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

type Name = keyof DashboardEvents;

/** What a page hears. */
export class Listener {
  readonly response: Response;
  readonly #cut: AbortController;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #text = "";

  constructor(response: Response, cut: AbortController) {
    this.response = response;
    this.#cut = cut;
    if (response.body === null) throw new Error("no body");
    this.#reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  }

  /** The next event of a name that is as wanted; those before it are passed over. */
  async next<N extends Name>(
    name: N,
    isWanted: (data: DashboardEvents[N]) => boolean = () => true,
  ): Promise<DashboardEvents[N]> {
    for (;;) {
      const block = await this.block();
      if (!block.startsWith(`event: ${name}\n`)) continue;
      const data = JSON.parse(block.slice(block.indexOf("data: ") + 6)) as DashboardEvents[N];
      if (isWanted(data)) return data;
    }
  }

  /** The next part that is ended by an empty line. */
  async block(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) throw new Error("the stream has ended");
      this.#text += new TextDecoder().decode(value);
    }
  }

  leave(): void {
    this.#cut.abort();
  }
}

function countCalls(journal: Journal, calls: string[], fail: JournalFailure): Journal {
  return new Proxy(journal, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        calls.push(String(name));
        if (fail.isSilent === true) return new Promise(() => undefined);
        if (fail.error !== undefined) return Promise.reject(fail.error);
        return Reflect.apply(value, target, given);
      };
    },
  });
}
