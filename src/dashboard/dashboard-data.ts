// The page is made of it too: it imports types alone. All times are milliseconds since 1970; what is absent is not known.
//
// The server has one page, at `/`: `<div id="app"></div>`, the style `/assets/dashboard.css` and, as a module, the
// script `/assets/dashboard.js`, both out of the folder `assets` that the build puts beside the server. Places
// within the page are told by the hash. Nothing inline is run or drawn, and nothing from elsewhere is loaded.

import type { RunState } from "../runs/journal/run-record.ts";

/** The states of a chunk, in the order in which a chunk comes to them. */
export const chunkStateNames = [
  "planned",
  "submitting",
  "unknown",
  "running",
  "collecting",
  "done",
  "failed",
  "cancelled",
] as const;

/** What a chunk is doing. */
export type ChunkStateName = (typeof chunkStateNames)[number];

/** What became of an input. */
export type InputStatusName = "succeeded" | "partial" | "failed" | "missing" | "notSubmitted";

/** What a person can do with a run: `POST /api/runs/ID/ACTION`. */
export type RunAction = "pause" | "resume" | "cancel" | "retry";

/** `GET /api/session`: what the page needs to know first. */
export interface SessionData {
  /** Goes back with every POST, as the header `x-csrf-token`. */
  readonly token: string;
  /** Nothing can be changed from here: no action is offered. */
  readonly readOnly: boolean;
  /** The journal, without a password. */
  readonly journal: string;
  /** Of this package. */
  readonly version: string;
  /** The worker that serves the page, as it is named in claims and events; absent: no worker does. */
  readonly worker?: string;
}

/** An error, as it is shown. */
export interface ErrorData {
  /** Its class, e.g. `RpcError`. */
  readonly name: string;
  readonly message: string;
  /** The status of the service, e.g. `RESOURCE_EXHAUSTED`, or the reason of the error. */
  readonly code?: string;
}

/** The body of every answer of 400 and above. */
export interface ErrorAnswer {
  readonly error: ErrorData;
}

/** A price. */
export interface CostData {
  /** ISO 4217. */
  readonly currency: string;
  readonly amount: number;
  /** Features whose price is not known: the amount leaves them out. */
  readonly unpriced: readonly string[];
}

/** A run in the list. */
export interface RunEntry {
  readonly id: string;
  readonly state: RunState;
  readonly createdMs: number;
  /** When the state was last changed. */
  readonly changedMs: number;
  /** Inputs by what became of them; `open`: nothing yet. They add up to `total`. */
  readonly inputs: Readonly<Record<InputStatusName | "open" | "total", number>>;
  readonly chunks: Readonly<Record<ChunkStateName | "total", number>>;
  /** Inputs a second that came to their end, as it was seen from here; absent until two looks tell. */
  readonly inputsPerSecond?: number;
  /** At this rate. */
  readonly timeLeftMs?: number;
  /** Images that were accepted, and pages that were read: what `cost` is the price of. */
  readonly units: number;
  readonly cost: CostData;
  /** What submits cost whose fate is not known, where they were accepted. */
  readonly perhapsCost: CostData;
  /** Chunks that wait for a person's decision. */
  readonly undecided: number;
  /** Why the run failed. */
  readonly error?: ErrorData;
  /** Why nothing can be submitted now; it goes on by itself once the service is reached again. */
  readonly problem?: { readonly sinceMs: number; readonly error: ErrorData };
  /** How many workers have a chunk of it in hand now. Nobody can know of those that only wait. */
  readonly workers: number;
  /** What can be done with it now; none where the page is read-only. */
  readonly actions: readonly RunAction[];
}

/** `GET /api/runs`: the newest first. */
export interface RunList {
  readonly atMs: number;
  readonly runs: readonly RunEntry[];
  /** Older runs that are left out. */
  readonly left: number;
}

/** What a run asks of every input. */
export interface RunOptionsData {
  /** The version of the API. */
  readonly version: string;
  readonly output: string;
  readonly features: readonly {
    readonly type: string;
    readonly maxResults?: number;
    readonly model?: string;
  }[];
  /** Responses in one shard. */
  readonly batchSize?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** The hints that go with every input, as JSON. */
  readonly imageContext?: string;
  readonly onUnknownSubmit: "wait" | "fail" | "resubmit";
  readonly priority: number;
}

/** The limits of a run, which all runs of a scope share, and what of them is in use. */
export interface LimitsData {
  /** Whose limits they are: a project; may be empty. */
  readonly scope: string;
  readonly maxImagesInProcessing: number;
  readonly maxFilesInProcessing: number;
  readonly requestsPerMinute: number;
  /**
   * In processing, of all runs of the scope that are listed, without what waits for people where that is all of
   * unknown fate; absent where one of the runs mixes images and files.
   */
  readonly imagesInProcessing?: number;
  readonly filesInProcessing?: number;
  /** Both together. */
  readonly inputsInProcessing: number;
  /** Submits in the last minute, as far as they were seen from here; absent until two looks tell. */
  readonly submitsPerMinute?: number;
  /** The share of `requestsPerMinute` that is used: less than 1 after RESOURCE_EXHAUSTED. */
  readonly rate: number;
  /** The service has asked for no submit before this time. */
  readonly notBeforeMs?: number;
}

/** What a worker has in hand of a run. */
export interface WorkerClaim {
  readonly worker: string;
  readonly chunks: number;
  /** Until when nobody else takes them; a worker that lives prolongs it. */
  readonly leaseUntilMs: number;
}

/** Something that happened. */
export interface EventEntry {
  /** Grows from event to event. */
  readonly id: number;
  readonly atMs: number;
  /** e.g. `accepted`; new ones may come. */
  readonly type: string;
  /** What it means, in words. */
  readonly text: string;
  /** Something went wrong. */
  readonly isTrouble: boolean;
  /** Absent: of the run as a whole. */
  readonly chunk?: number;
  readonly attempt?: number;
  readonly worker?: string;
}

/** `GET /api/runs/ID`. */
export interface RunDetail extends RunEntry {
  readonly atMs: number;
  readonly options: RunOptionsData;
  readonly limits: LimitsData;
  /** Inputs as they were planned, by how they are sent. */
  readonly planned: Readonly<Record<"image" | "file", number>>;
  /** Submits by what became of them; `pending`: no answer was written yet. */
  readonly submits: Readonly<Record<"accepted" | "rejected" | "unknown" | "pending", number>>;
  /** Submits beyond the first of each chunk. */
  readonly retries: number;
  /** How often failed inputs were sent again in new chunks. */
  readonly rounds: number;
  /** Reads of operations, as far as they were written. */
  readonly polls: number;
  /** Ended chunks whose records were not handed on yet; absent: none. */
  readonly undelivered?: number;
  readonly claims: readonly WorkerClaim[];
  /** The first chunks that failed or whose fate is unknown, at most 20. */
  readonly troubled: readonly ChunkEntry[];
  /** What went wrong last, the newest first, at most 50: of the last hour before somebody looked, and since. */
  readonly errors: readonly EventEntry[];
  /** What happened to the run as a whole, the newest first, at most 100. */
  readonly events: readonly EventEntry[];
}

/** A chunk in a page of chunks. */
export interface ChunkEntry {
  readonly number: number;
  readonly kind: "image" | "file";
  /** Inputs. */
  readonly size: number;
  readonly state: ChunkStateName;
  /** 0: planned; else the round of retry that made it. */
  readonly round: number;
  /** The number of the current attempt; 0 before the first. */
  readonly attempt: number;
  /** The name of the current attempt's Operation. */
  readonly operation?: string;
  /** When the current attempt was about to be sent. */
  readonly submittedMs?: number;
  /** When its answer was written: since then the operation runs, or the fate of the submit is unknown. */
  readonly settledMs?: number;
  /** When there is next something to do; absent: ended, or waiting for a decision. */
  readonly dueMs?: number;
  readonly polls: number;
  /** Who has it in hand. */
  readonly worker?: string;
  readonly leaseUntilMs?: number;
  /** The last error, or the one that ended it. */
  readonly error?: ErrorData;
  /** Inputs by what became of them; only of a chunk that has ended. `retried`: a later chunk tells. */
  readonly counts?: Readonly<Record<InputStatusName | "retried", number>>;
  /** A person must decide: `POST /api/runs/ID/chunks/N/decide`. */
  readonly isUndecided: boolean;
  /** What was decided and is not done yet. */
  readonly decision?: "resubmit" | "fail";
}

/** `GET /api/runs/ID/chunks?state=running,unknown&after=N&limit=N`; `limit` is 100 unless told, at most 500. */
export interface ChunkPage {
  readonly atMs: number;
  /** In the order of their numbers. */
  readonly chunks: readonly ChunkEntry[];
  /** `after` of the next page; absent: there is none. */
  readonly next?: number;
}

/** A submit of a chunk. */
export interface AttemptEntry {
  /** From 1. */
  readonly attempt: number;
  /** When the intent was written. */
  readonly intentMs: number;
  /** When its outcome was written. */
  readonly settledMs?: number;
  /** Absent: not known yet. */
  readonly outcome?: "accepted" | "rejected" | "unknown";
  readonly operation?: string;
  /** Where its output is. */
  readonly prefix: string;
  readonly worker: string;
  readonly error?: ErrorData;
}

/** `GET /api/runs/ID/chunks/N`. */
export interface ChunkDetail extends ChunkEntry {
  readonly atMs: number;
  readonly attempts: readonly AttemptEntry[];
  /** In the order in which they happened; the last 500. */
  readonly events: readonly EventEntry[];
  /** The first inputs as they were planned, at most 20. */
  readonly inputs: readonly string[];
  /** What its output held, as JSON; only of a chunk that was read. */
  readonly manifest?: string;
}

/** A worker, as far as claims tell: who only waits is not seen. */
export interface WorkerEntry {
  readonly id: string;
  /** What it has in hand now; none: it was seen before. */
  readonly runs: readonly {
    readonly run: string;
    readonly chunks: number;
    readonly leaseUntilMs: number;
  }[];
  readonly chunks: number;
  /** When it was last seen from here to have something in hand that was not over. */
  readonly seenMs: number;
  /** It serves this page. */
  readonly isThis: boolean;
}

/** `GET /api/workers`: those with something in hand, and those that were seen in the last 10 minutes. */
export interface WorkerList {
  readonly atMs: number;
  readonly workers: readonly WorkerEntry[];
}

/** How fast it went, sampled while somebody looks: between two points that are far apart nobody did. */
export interface ThroughputPoint {
  readonly atMs: number;
  /** Inputs that had come to their end. */
  readonly ended: number;
  /** Submits that were made. */
  readonly submits: number;
  /** Reads of operations. */
  readonly polls: number;
  /** Inputs that are submitted and not at their end. */
  readonly inProcessing: number;
}

/** The event `runs`: the first holds all of the list, each later one what changed since. */
export interface RunsEvent {
  readonly atMs: number;
  /** Take the place of those with the same id; a new one comes first. */
  readonly runs: readonly RunEntry[];
  /** Ids of runs that are not there any more. */
  readonly removed: readonly string[];
  /** Older runs that are left out. */
  readonly left: number;
}

/** The event `throughput`: the first holds what was sampled so far, each later one what came since. */
export interface ThroughputEvent {
  /** The run that is looked at; absent: all that are listed. */
  readonly run?: string;
  readonly points: readonly ThroughputPoint[];
}

/** The event `journal`: whether the journal is read. While it is not, what was told last stays as it is. */
export interface JournalEvent {
  readonly atMs: number;
  readonly error?: ErrorData;
}

/**
 * `GET /api/events`, or `GET /api/events?run=ID`: server-sent events, `event: NAME` and `data: JSON`, when
 * something has changed, at most one of a name a second.
 */
export interface DashboardEvents {
  readonly runs: RunsEvent;
  readonly workers: WorkerList;
  readonly throughput: ThroughputEvent;
  /** With `run`: all of it, as changed. */
  readonly run: RunDetail;
  /** With `run`: it is not in the journal, or not any more. */
  readonly gone: { readonly run: string };
  readonly journal: JournalEvent;
}

/** The body of `POST /api/runs/ID/retry`. */
export interface RetryRequest {
  /** Which inputs. Default: `failed`, `missing`, `notSubmitted`. */
  readonly statuses?: readonly InputStatusName[];
}

/** The body of `POST /api/runs/ID/chunks/N/decide`. */
export interface DecideRequest {
  readonly decision: "resubmit" | "fail";
}

/** The answer to an action. */
export interface ActionAnswer {
  /** What was done, in words. */
  readonly note: string;
  /** The run afterwards. */
  readonly run: RunEntry;
}
