import { batch, effect, signal } from "@preact/signals";
import type {
  DashboardEvents,
  ErrorData,
  RunDetail,
  RunEntry,
  RunsEvent,
  ThroughputEvent,
  ThroughputPoint,
  WorkerList,
} from "../../src/dashboard/dashboard-data.ts";
import { announce } from "./announce.tsx";
import { locked, readSession } from "./api.ts";
import { routeRun } from "./route.ts";

/** Whether what is shown is how things are; `resting`: nobody looks, `locked`: the server has another key. */
export type Connection = "connecting" | "live" | "lost" | "resting" | "locked";

/** Points of the throughput that are kept. */
const pointsKept = 3600;
/** EventSource comes back by itself, but for an answer that is no stream. */
const reopenMs = 3000;

/** Whether the server tells of what changes. */
export const connection = signal<Connection>("connecting");
/** When the connection was last live, where it is not; of this machine's clock; 0: it was not yet. */
export const lostMs = signal(0);
/** Why the journal cannot be read. */
export const journalError = signal<ErrorData | undefined>(undefined);
/** The runs, the newest first; undefined until they were told. */
export const runs = signal<readonly RunEntry[] | undefined>(undefined);
/** Older runs that are not among them. */
export const runsLeft = signal(0);
/** The run that is looked at; undefined until it was told. */
export const run = signal<RunDetail | undefined>(undefined);
/** The run that is looked at is not there. */
export const isGone = signal(false);
/** The workers; undefined until they were told. */
export const workers = signal<WorkerList | undefined>(undefined);
/** How fast it goes with what is looked at. */
export const throughput = signal<readonly ThroughputPoint[]>([]);

/** Listens to the server while somebody looks, to what is looked at. */
export function listenWhileSeen(): void {
  const isSeen = signal(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", () => {
    isSeen.value = document.visibilityState === "visible";
  });
  effect(() => {
    const id = routeRun.value;
    if (isSeen.value) return listen(id);
    leaveLive("resting");
    return undefined;
  });
}

/** Listens until what it returns is called. */
function listen(id: string | undefined): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  // An EventSource does not tell why it has ended: another request does.
  const askWhy = async (): Promise<void> => {
    await readSession().catch(() => undefined);
    if (isOver) return;
    if (locked.peek() === undefined) timer = setTimeout(open, reopenMs);
    else tellLocked();
  };
  const open = (): void => {
    source = new EventSource(
      `api/events${id === undefined ? "" : `?run=${encodeURIComponent(id)}`}`,
    );
    hear(source, id);
    source.addEventListener("error", () => {
      tellLost();
      if (source?.readyState === EventSource.CLOSED) void askWhy();
    });
  };
  batch(() => {
    if (!isApart()) leaveLive("connecting");
    if (run.peek()?.id !== id) run.value = undefined;
    isGone.value = false;
    throughput.value = [];
  });
  open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** What is shown is not how things are. */
function isApart(): boolean {
  return connection.peek() === "lost" || connection.peek() === "locked";
}

function tellLost(): void {
  if (isApart()) return;
  leaveLive("lost");
  announce("The connection is lost.");
}

function leaveLive(next: Exclude<Connection, "live">): void {
  batch(() => {
    if (connection.peek() === "live") lostMs.value = Date.now();
    connection.value = next;
  });
}

/** It is not tried again until a person comes back to the page. */
function tellLocked(): void {
  if (connection.peek() === "locked") return;
  leaveLive("locked");
  announce("The server has another key.");
}

/** Takes in what a source tells. The first event of each name after it has opened is whole. */
function hear(source: EventSource, id: string | undefined): void {
  let isFirst = { runs: true, throughput: true };
  source.addEventListener("open", () => {
    isFirst = { runs: true, throughput: true };
    if (isApart()) announce("Connected again.");
    connection.value = "live";
    // A server that was started anew has a new token.
    readSession().catch(tellLost);
  });
  on(source, "runs", (event) => {
    takeRuns(event, isFirst.runs);
    isFirst.runs = false;
  });
  on(source, "throughput", (event) => {
    takeThroughput(event, isFirst.throughput);
    isFirst.throughput = false;
  });
  on(source, "workers", (list) => (workers.value = list));
  on(source, "journal", ({ error }) => (journalError.value = error));
  on(source, "run", (detail) => {
    if (detail.id !== id) return;
    batch(() => {
      run.value = detail;
      isGone.value = false;
    });
  });
  on(source, "gone", (gone) => {
    if (gone.run === id) isGone.value = true;
  });
}

function on<Name extends keyof DashboardEvents>(
  source: EventSource,
  name: Name,
  take: (event: DashboardEvents[Name]) => void,
): void {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => {
    take(JSON.parse(data) as DashboardEvents[Name]);
  });
}

function takeRuns(event: RunsEvent, isWhole: boolean): void {
  const before = runs.peek() ?? [];
  tellChanges(before, event.runs);
  const changed = new Map(event.runs.map((each) => [each.id, each]));
  const kept = isWhole ? [] : before.filter(({ id }) => !event.removed.includes(id));
  const known = new Set(kept.map(({ id }) => id));
  batch(() => {
    runs.value = [
      ...event.runs.filter(({ id }) => !known.has(id)),
      ...kept.map((each) => changed.get(each.id) ?? each),
    ];
    runsLeft.value = event.left;
  });
}

/** Says which runs are in another state now, and nothing of all that counts on. */
function tellChanges(before: readonly RunEntry[], changed: readonly RunEntry[]): void {
  const states = new Map(before.map(({ id, state }) => [id, state]));
  const moved = changed.filter(({ id, state }) => states.has(id) && states.get(id) !== state);
  if (moved.length > 0) announce(moved.map(({ id, state }) => `Run ${id} is ${state}.`).join(" "));
}

function takeThroughput(event: ThroughputEvent, isWhole: boolean): void {
  if (event.run !== routeRun.peek()) return;
  const before = isWhole ? [] : throughput.peek();
  throughput.value = [...before, ...event.points].slice(-pointsKept);
}
