import type {
  AttemptRecord,
  ChunkRecord,
  Cost,
  EventRecord,
  InputStatus,
  PlannedInput,
  Run,
  RunSnapshot,
} from "../runs/index.ts";
import { inputStatuses } from "../runs/journal/chunk-record.ts";
import type { Journal } from "../runs/journal/journal.ts";
import type { JsonData, RunRecord } from "../runs/journal/run-record.ts";
import { filePrefix } from "../runs/driver/chunk-request.ts";
import { PageCounter } from "../runs/page-counter.ts";
import { statusCodes } from "../runs/steps/index.ts";
import { UsageError } from "./usage-error.ts";

/** Where stories are read from. */
export interface StorySource {
  readonly run: Run;
  readonly journal: Journal;
  readonly record: RunRecord;
}

/** What happened to a run. */
export interface RunStory {
  readonly snapshot: RunSnapshot;
  readonly options: JsonData;
  readonly settings: JsonData;
  readonly rounds: number;
  /** The first chunks that failed or whose fate is unknown. */
  readonly troubled: readonly ChunkRecord[];
  /** What happened to it as a whole. */
  readonly events: readonly EventRecord[];
}

/** What happened to a chunk. */
export interface ChunkStory {
  readonly chunk: ChunkRecord;
  readonly attempts: readonly AttemptRecord[];
  readonly events: readonly EventRecord[];
  /** What its output held. */
  readonly manifest?: JsonData;
  readonly price: ChunkPrice;
}

/** What a chunk cost: its share of the price of the run, since the price of a unit falls with their number. */
export interface ChunkPrice {
  /** Images or pages of submits that were accepted. */
  readonly units: number;
  /** Images of submits that may have been accepted. */
  readonly perhapsUnits: number;
  readonly share: Cost;
}

/** What happened to an input. */
export interface InputStory {
  readonly input: PlannedInput;
  /** The chunks that it was in, one after another: a later one sent it again. */
  readonly places: readonly InputPlace[];
}

/** An input in a chunk. */
export interface InputPlace {
  /** From 0, in the request. */
  readonly position: number;
  /** Absent until the chunk has ended. */
  readonly status?: InputStatus;
  /** Where its results stand, if anywhere. */
  readonly prefix?: string;
  readonly story: ChunkStory;
}

const troubledShown = 20;

/** Reads what happened to a run. */
export async function readRunStory({ run, record }: StorySource): Promise<RunStory> {
  const snapshot = await run.snapshot();
  const troubled: ChunkRecord[] = [];
  for await (const { chunk } of run.chunks({ states: ["failed", "unknown"] })) {
    if (chunk.counts.retried < chunk.size) troubled.push(chunk);
    if (troubled.length >= troubledShown) break;
  }
  const events: EventRecord[] = [];
  for await (const event of run.events()) if (event.chunk === undefined) events.push(event);
  const { options, settings, rounds } = record;
  return { snapshot, options, settings, rounds, troubled, events };
}

/** Reads what happened to a chunk. @throws UsageError where there is none of this number */
export async function readChunkStory(source: StorySource, number: number): Promise<ChunkStory> {
  const { run, journal, record } = source;
  const found = await journal.readChunk({ run: record.key, number });
  if (found === undefined) throw new UsageError(`run ${run.id} has no chunk ${number}`);
  const events: EventRecord[] = [];
  for await (const event of run.events({ chunk: number })) events.push(event);
  const attempts = await run.attempts(number);
  const manifest = (await journal.readOutcome(found.chunk))?.manifest;
  return {
    ...{ chunk: found.chunk, attempts, events },
    ...(manifest === undefined ? {} : { manifest }),
    price: await readPrice(source, { chunk: found.chunk, attempts, manifest }),
  };
}

async function readPrice(
  { run, journal, record }: StorySource,
  {
    chunk,
    attempts,
    manifest,
  }: Pick<ChunkStory, "chunk" | "attempts"> & {
    readonly manifest: JsonData | undefined;
  },
): Promise<ChunkPrice> {
  const isImage = chunk.kind === "image";
  const count = (outcomes: readonly unknown[]): number =>
    attempts.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const units = isImage ? count(["accepted"]) * chunk.size : Number(manifest?.["pages"] ?? 0);
  const perhapsUnits = isImage ? count(["unknown", undefined]) * chunk.size : 0;
  const progress = await journal.progress(record.key);
  const { cost } = await run.snapshot();
  const billed =
    progress === undefined
      ? { images: 0, pages: 0 }
      : await new PageCounter(record.key, journal).count(progress);
  const total = billed.images + billed.pages;
  const share = { ...cost, amount: total === 0 ? 0 : (cost.amount * units) / total };
  return { units, perhapsUnits, share };
}

/**
 * Reads what happened to an input, by its number from 0, its URI or what its caller named it. Where several
 * have the name, the first is meant.
 * @throws UsageError where there is none
 */
export async function readInputStory(source: StorySource, given: string): Promise<InputStory> {
  const { run } = source;
  const index = /^\d+$/.test(given) ? Number(given) : await findIndex(run, given);
  const places: InputPlace[] = [];
  let input: PlannedInput | undefined;
  for await (const { chunk, attempt } of run.chunks({ input: index ?? -1 })) {
    const inputs = await run.inputs(chunk.number);
    const position = inputs.findIndex((each) => each.index === index);
    if (position < 0) continue;
    input = inputs[position];
    const status = await readStatus(source, chunk, position);
    const isSent = attempt !== undefined && attempt.outcome !== "rejected";
    places.push({
      position,
      ...(status === undefined ? {} : { status }),
      ...(isSent ? { prefix: prefixOf(chunk, attempt, position) } : {}),
      story: await readChunkStory(source, chunk.number),
    });
  }
  if (input === undefined) throw new UsageError(`run ${run.id} has no input ${given}`);
  return { input, places };
}

async function findIndex(run: Run, given: string): Promise<number | undefined> {
  for await (const { chunk } of run.chunks()) {
    const inputs = await run.inputs(chunk.number);
    const found = inputs.find(({ uri, customId }) => uri === given || customId === given);
    if (found !== undefined) return found.index;
  }
  return undefined;
}

async function readStatus(
  { journal }: StorySource,
  chunk: ChunkRecord,
  position: number,
): Promise<InputStatus | undefined> {
  const outcome = await journal.readOutcome(chunk);
  const code = outcome === undefined ? undefined : statusCodes(outcome)[position];
  return code === undefined ? undefined : inputStatuses[code];
}

function prefixOf({ kind }: ChunkRecord, { prefix }: AttemptRecord, position: number): string {
  return kind === "file" ? filePrefix(prefix, position) : prefix;
}
