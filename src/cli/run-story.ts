import type {
  AttemptRecord,
  ChunkManifest,
  ChunkRecord,
  Cost,
  EventRecord,
  InputPlace,
  Run,
  RunSnapshot,
} from "../runs/index.ts";
import { UsageError } from "./usage-error.ts";

/** What happened to a run. */
export interface RunStory {
  readonly snapshot: RunSnapshot;
  readonly options: Run["options"];
  readonly settings: Run["settings"];
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
  readonly manifest?: ChunkManifest;
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
  readonly input: InputPlace["input"];
  /** The chunks that it was in, one after another: a later one sent it again. */
  readonly places: readonly PlaceStory[];
}

/** An input in a chunk. */
export interface PlaceStory extends Omit<InputPlace, "input" | "chunk"> {
  readonly story: ChunkStory;
}

const troubledShown = 20;

/** Reads what happened to a run. */
export async function readRunStory(run: Run): Promise<RunStory> {
  const snapshot = await run.snapshot();
  const troubled: ChunkRecord[] = [];
  for await (const { chunk } of run.chunks({ states: ["failed", "unknown"] })) {
    if (chunk.counts.retried < chunk.size) troubled.push(chunk);
    if (troubled.length >= troubledShown) break;
  }
  const events = await collect(run.events({ chunk: null }));
  const { options, settings } = run;
  return { snapshot, options, settings, troubled, events };
}

/** Reads what happened to a chunk. @throws UsageError where there is none of this number */
export async function readChunkStory(run: Run, number: number): Promise<ChunkStory> {
  const found = await run.chunk(number);
  if (found === undefined) throw new UsageError(noChunk(await run.snapshot(), number));
  const { chunk } = found;
  const events = await collect(run.events({ chunk: number }));
  const attempts = await run.attempts(number);
  const manifest = (await run.outcome(number))?.manifest;
  const units = countUnits({ chunk, attempts, manifest });
  return {
    ...{ chunk, attempts, events },
    ...(manifest === undefined ? {} : { manifest }),
    price: { ...units, share: shareOf(await run.snapshot(), units.units) },
  };
}

function noChunk({ id, chunks: { total } }: RunSnapshot, number: number): string {
  const there = total === 0 ? "it has none yet" : `they are numbered from 0 to ${total - 1}`;
  return `run ${id} has no chunk ${number}: ${there}`;
}

function countUnits({
  chunk: { kind, size },
  attempts,
  manifest,
}: Pick<ChunkStory, "chunk" | "attempts"> & {
  readonly manifest: ChunkManifest | undefined;
}): Omit<ChunkPrice, "share"> {
  if (kind === "file") return { units: manifest?.pages ?? 0, perhapsUnits: 0 };
  const count = (...outcomes: readonly AttemptRecord["outcome"][]): number =>
    attempts.filter(({ outcome }) => outcomes.includes(outcome)).length * size;
  return { units: count("accepted"), perhapsUnits: count("unknown", undefined) };
}

function shareOf({ cost, units: total }: RunSnapshot, units: number): Cost {
  return { ...cost, amount: total === 0 ? 0 : (cost.amount * units) / total };
}

/**
 * Reads what happened to an input, by its number from 0, its URI or what its caller named it. Where several
 * have the name, the first is meant.
 * @throws UsageError where there is none
 */
export async function readInputStory(run: Run, given: string): Promise<InputStory> {
  const index = /^\d+$/.test(given) ? Number(given) : await run.findInput(given);
  const found = index === undefined ? [] : await collect(run.places(index));
  const [first] = found;
  if (first === undefined) throw new UsageError(noInput(await run.snapshot(), given));
  const places: PlaceStory[] = [];
  for (const { input: _, chunk, ...place } of found) {
    places.push({ ...place, story: await readChunkStory(run, chunk.number) });
  }
  return { input: first.input, places };
}

function noInput({ id, inputs: { total } }: RunSnapshot, given: string): string {
  const there = `it has ${total} inputs, numbered from 0 and named by their URIs or the paths they were given by`;
  return `run ${id} has no input ${given}: ${there}`;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
