import { createHash } from "node:crypto";
import type {
  ChunkWithAttempt,
  Claim,
  StatusCounts,
} from "../../../src/runs/journal/chunk-record.ts";
import type { ChunkStep, NewChunk, SubmitIntent } from "../../../src/runs/journal/chunk-writes.ts";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import type { RunRecord } from "../../../src/runs/journal/run-record.ts";

/** A time to count from. */
export const epochMs = 1_750_000_000_000;

/** Limits that limit nothing. */
export const noLimits = {
  maxImagesInProcessing: 1e9,
  maxFilesInProcessing: 1e9,
  requestsPerMinute: 6e7,
  unknownHoldMs: 3_600_000,
};

/** Chunks of images, of ten inputs each unless told. */
export function makeChunks(count: number, { from = 0, size = 10 } = {}): NewChunk[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const block = Buffer.from(`inputs of chunk ${number}`);
    const digest = createHash("sha256").update(block).digest("hex");
    const place = { first: number * size, last: number * size + size - 1 };
    return { number, kind: "image" as const, size, ...place, block, digest };
  });
}

/** A run that is planned and runs. */
export async function planRun(
  journal: Journal,
  { id = "run", scope = "", count = 1, size = 10 } = {},
): Promise<RunRecord> {
  const nowMs = epochMs;
  const { run } = await journal.createRun({ id, scope, options: {}, settings: {}, nowMs });
  if (count > 0) {
    await journal.appendPlan({ run: run.key, chunks: makeChunks(count, { size }), nowMs });
  }
  const totals = { run: run.key, chunks: count, inputs: count * size, digest: "d", nowMs };
  const planned = await journal.commitPlan(totals);
  if (planned === undefined) throw new Error("the plan was not committed");
  return planned;
}

/** Claims what is due in a state, for a minute. */
export async function claimAll(
  journal: Journal,
  request: Partial<Parameters<Journal["claim"]>[0]> = {},
): Promise<readonly ChunkWithAttempt[]> {
  const nowMs = request.nowMs ?? epochMs;
  return journal.claim({
    ...{ worker: "worker", states: ["planned"], limit: 100, nowMs, leaseUntilMs: nowMs + 60_000 },
    ...request,
  });
}

/** The claim that was got with a chunk. */
export function claimOf({ chunk }: ChunkWithAttempt): Claim {
  const { run, number, worker = "", fence } = chunk;
  return { run, number, worker, fence };
}

/** Claims one chunk. */
export async function claimOne(
  journal: Journal,
  request: Partial<Parameters<Journal["claim"]>[0]> = {},
): Promise<Claim> {
  const [first] = await claimAll(journal, { limit: 1, ...request });
  if (first === undefined) throw new Error("nothing to claim");
  return claimOf(first);
}

/** The intent to submit. */
export function intent(changes: Partial<SubmitIntent> = {}): SubmitIntent {
  const event = { type: "submitting" };
  const request = { prefix: "gs://bucket/run/000000/1/", fingerprint: "f" };
  return { ...request, limits: noLimits, nowMs: epochMs, event, ...changes };
}

/** A step to a state. */
export function step(
  claim: Claim,
  state: ChunkStep["progress"]["state"],
  changes: Omit<Partial<ChunkStep>, "progress"> & {
    progress?: Partial<ChunkStep["progress"]>;
  } = {},
): ChunkStep {
  const { progress, ...others } = changes;
  const dueMs = epochMs + 1000;
  return {
    ...{ claim, progress: { state, dueMs, polls: 0, memo: {}, ...progress } },
    ...{ events: [{ type: state }], nowMs: epochMs, ...others },
  };
}

/** Counts of which only some are told. */
export function counts(some: Partial<StatusCounts>): StatusCounts {
  const none = { succeeded: 0, partial: 0, failed: 0, missing: 0, notSubmitted: 0, retried: 0 };
  return { ...none, ...some };
}

/** The name of an operation, as its token. */
export function operation(name: string) {
  return { type: "vision-batch/operation", version: 1, name, host: "localhost" } as const;
}

/** Submits a claimed chunk, and has the operation's name written. */
export async function submit(journal: Journal, claim: Claim, nowMs = epochMs): Promise<void> {
  const { gate } = await journal.beginAttempt(claim, intent({ nowMs }));
  if (gate !== "begun") throw new Error(`the submit was answered ${gate}`);
  const attempt = { outcome: "accepted", operation: operation("operations/a") } as const;
  const [written] = await journal.advance([step(claim, "running", { attempt, nowMs })]);
  if (written !== true) throw new Error("the claim was lost");
}
