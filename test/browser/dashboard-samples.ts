import {
  chunkStateNames,
  type ChunkDetail,
  type ChunkEntry,
  type ChunkStateName,
  type EventEntry,
  type RunDetail,
  type ThroughputPoint,
  type WorkerList,
} from "../../src/dashboard/dashboard-data.ts";

const minuteMs = 60_000;

/** The time at which the samples are. */
export const sampleMs = Date.parse("2026-01-02T03:04:05Z");

const cost = (amount: number) => ({ currency: "USD", amount, unpriced: [] });

/** A run in the middle of things. */
export function sampleRun(changes: Partial<RunDetail> = {}): RunDetail {
  const counts = { succeeded: 61_204, partial: 310, failed: 1290, missing: 85, notSubmitted: 0 };
  const total = 120_000;
  const ended = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const chunks = {
    ...{ planned: 498, submitting: 2, unknown: 3, running: 60, collecting: 4 },
    ...{ done: 621, failed: 12, cancelled: 0, total: 1200 },
  };
  return {
    ...{ id: "archive-2026", state: "running", atMs: sampleMs },
    ...{ createdMs: sampleMs - 47 * minuteMs, changedMs: sampleMs - 46 * minuteMs },
    inputs: { ...counts, open: total - ended, total },
    ...{ chunks, inputsPerSecond: 38.4, timeLeftMs: 25 * minuteMs, units: 69_000 },
    ...{ cost: cost(103.5), perhapsCost: cost(0.45), undecided: 2, workers: 3 },
    actions: ["pause", "cancel", "retry"],
    options: {
      ...{ version: "v1", output: "gs://results/archive/", batchSize: 20 },
      features: [{ type: "DOCUMENT_TEXT_DETECTION" }, { type: "LABEL_DETECTION", maxResults: 10 }],
      ...{ onUnknownSubmit: "wait", priority: 0 },
    },
    limits: {
      ...{ scope: "projects/archive", maxImagesInProcessing: 8000, maxFilesInProcessing: 10_000 },
      ...{ requestsPerMinute: 600, imagesInProcessing: 6900, filesInProcessing: 0 },
      ...{ inputsInProcessing: 6900, submitsPerMinute: 214, rate: 0.7 },
    },
    planned: { image: total, file: 0 },
    submits: { accepted: 690, rejected: 14, unknown: 3, pending: 2 },
    ...{ retries: 17, rounds: 1, polls: 2214 },
    claims: [
      { worker: "host-a/4711/9f2c", chunks: 31, leaseUntilMs: sampleMs + 8000 },
      { worker: "host-b/812/77aa", chunks: 36, leaseUntilMs: sampleMs + 9500 },
    ],
    troubled: [],
    errors: sampleErrors,
    events: [
      event({ id: 2, type: "planned", text: "all inputs were planned" }),
      event({ id: 1, type: "created", text: "the run was created" }),
    ],
    ...changes,
  };
}

function event(of: Pick<EventEntry, "id" | "type" | "text"> & Partial<EventEntry>): EventEntry {
  return { atMs: sampleMs - (100 - of.id) * 1000, isTrouble: false, ...of };
}

const sampleErrors: readonly EventEntry[] = [
  event({
    ...{ id: 90, type: "rejected", chunk: 640, attempt: 1, isTrouble: true },
    ...{ text: "refused with RESOURCE_EXHAUSTED, again in 12.4 s", worker: "host-a/4711/9f2c" },
  }),
  event({
    ...{ id: 84, type: "submitUnknown", chunk: 17, attempt: 1, isTrouble: true },
    text: "the answer was lost (UNAVAILABLE): it may have been accepted, so what became of it is looked for",
  }),
  event({
    ...{ id: 61, type: "readFailed", chunk: 301, isTrouble: true },
    text: "the output could not be read (DEADLINE_EXCEEDED); tried again",
  }),
];

/** A chunk of the sample, by its number. */
export function sampleChunk(number: number): ChunkEntry {
  const state = stateOf(number);
  const isSent = state !== "planned";
  const ended = { succeeded: 97, partial: 1, failed: 2, missing: 0, notSubmitted: 0, retried: 0 };
  return {
    ...{ number, kind: "image", size: 100, state, round: 0, polls: isSent ? 3 : 0 },
    ...{ attempt: isSent ? 1 + (number % 7 === 0 ? 1 : 0) : 0, isUndecided: state === "unknown" },
    ...(isSent
      ? {
          operation: `projects/archive/operations/${(number * 7919).toString(16)}`,
          ...{ submittedMs: sampleMs - 5 * minuteMs, settledMs: sampleMs - 5 * minuteMs + 320 },
        }
      : {}),
    ...(state === "running" ? { worker: "host-a/4711/9f2c", dueMs: sampleMs + 12_000 } : {}),
    ...(state === "done" ? { counts: ended } : {}),
    ...(state === "failed"
      ? { error: { name: "OperationError", code: "INTERNAL", message: "The operation failed." } }
      : {}),
  };
}

/** So that every state is there, and most chunks are done. */
function stateOf(number: number): ChunkStateName {
  if (number % 50 === 17) return "unknown";
  if (number % 50 === 23) return "failed";
  const ahead = chunkStateNames[(number >> 4) % 5] ?? "planned";
  return number % 3 === 0 && ahead !== "unknown" ? ahead : "done";
}

/** All of a chunk of the sample. */
export function sampleChunkDetail(number: number): ChunkDetail {
  const entry = sampleChunk(number);
  const { operation } = entry;
  return {
    ...{ ...entry, atMs: sampleMs },
    attempts: [
      {
        ...{ attempt: 1, intentMs: sampleMs - 5 * minuteMs, settledMs: sampleMs - 299_680 },
        ...{ outcome: entry.isUndecided ? "unknown" : "accepted", worker: "host-a/4711/9f2c" },
        prefix: `gs://results/archive/archive-2026/${String(number).padStart(6, "0")}/1/`,
        ...(operation === undefined || entry.isUndecided ? {} : { operation }),
        ...(entry.isUndecided
          ? { error: { name: "SubmitError", code: "UNAVAILABLE", message: "Connection dropped" } }
          : {}),
      },
    ],
    events: [
      event({ id: 40, type: "submitting", attempt: 1, text: "about to be submitted" }),
      event({ id: 41, type: "accepted", attempt: 1, text: `accepted as ${operation ?? "none"}` }),
      event({ id: 66, type: "readFailed", isTrouble: true, text: "the output could not be read" }),
    ],
    inputs: ["gs://scans/0001.png", "gs://scans/letters/مرحبا.png", "gs://scans/שלום.png"],
  };
}

/** Who works in the sample. */
export const sampleWorkers: WorkerList = {
  atMs: sampleMs,
  workers: [
    {
      ...{ id: "host-a/4711/9f2c", chunks: 31, seenMs: sampleMs, isThis: true },
      runs: [{ run: "archive-2026", chunks: 31, leaseUntilMs: sampleMs + 8000 }],
    },
    { id: "host-c/15/0b0b", chunks: 0, seenMs: sampleMs - 4 * minuteMs, isThis: false, runs: [] },
  ],
};

/** Ten minutes of throughput, two of which nobody watched. */
export const samplePoints: readonly ThroughputPoint[] = Array.from({ length: 300 }, (_, place) => ({
  atMs: sampleMs - 600_000 + place * 2000,
  ended: Math.round(40_000 + place * 76 + 900 * Math.sin(place / 20)),
  ...{ submits: 400 + place, polls: 900 + place * 4 },
  inProcessing: Math.round(6500 + 900 * Math.sin(place / 31)),
})).filter((_, place) => place < 150 || place > 210);
