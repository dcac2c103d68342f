import type { SubmitRecord } from "../../src/emulator/index.ts";
import type {
  AttemptRecord,
  ChunkRecord,
  EventRecord,
  PlannedInput,
  Run,
  RunResultRecord,
  RunSnapshot,
} from "../../src/index.ts";
import type { Delivered } from "./delivered.ts";
import type { Killed } from "./invariants/takeovers.ts";
import { readWritten, type WrittenOutput } from "./written-output.ts";

/** A chunk as the journal has it. */
export interface ChunkEvidence {
  readonly chunk: ChunkRecord;
  readonly inputs: readonly PlannedInput[];
  readonly attempts: readonly AttemptRecord[];
  readonly events: readonly EventRecord[];
}

/** Everything that a run that is over is judged by. */
export interface Evidence {
  /** Inputs of the run. */
  readonly images: number;
  /** What the emulator accepted, by its own record. */
  readonly submits: readonly SubmitRecord[];
  /** What the emulator has written for the last attempt of each chunk, by its prefix. */
  readonly written: ReadonlyMap<string, WrittenOutput>;
  /** What happened to the run as a whole, in order. */
  readonly runEvents: readonly EventRecord[];
  /** In order. */
  readonly chunks: readonly ChunkEvidence[];
  readonly snapshot: RunSnapshot;
  /** The results as they are read when the run is over. */
  readonly records: readonly RunResultRecord[];
  /** What the sink of the workers has, where there are workers. */
  readonly delivered?: Delivered;
  /** The workers that were killed, where there are workers. */
  readonly killed?: readonly Killed[];
  /** When it took place by the clock of this machine, where that is the clock of the run. */
  readonly span?: { readonly fromMs: number; readonly toMs: number };
}

/** What the journal has of the chunks of a run. */
export async function readChunks(run: Run): Promise<readonly ChunkEvidence[]> {
  const events = new Map<number | undefined, EventRecord[]>();
  for await (const event of run.events()) {
    const those = events.get(event.chunk);
    if (those === undefined) events.set(event.chunk, [event]);
    else those.push(event);
  }
  const chunks: ChunkEvidence[] = [];
  for await (const { chunk } of run.chunks()) {
    const [inputs, attempts] = await Promise.all([
      run.inputs(chunk.number),
      run.attempts(chunk.number),
    ]);
    chunks.push({ chunk, inputs, attempts, events: events.get(chunk.number) ?? [] });
  }
  return chunks;
}

/** Gathers everything about a run that is over. */
export async function gatherEvidence(
  run: Run,
  emulator: {
    readonly images: number;
    readonly submits: readonly SubmitRecord[];
    /** The folder with its buckets. */
    readonly directory: string;
  },
): Promise<Evidence> {
  const { directory, ...told } = emulator;
  const chunks = await readChunks(run);
  const written = new Map<string, WrittenOutput>();
  for (const { attempts } of chunks) {
    const prefix = attempts.at(-1)?.prefix;
    if (prefix !== undefined) written.set(prefix, readWritten(directory, prefix));
  }
  const records: RunResultRecord[] = [];
  for await (const record of run.results({ follow: false })) records.push(record);
  const runEvents: EventRecord[] = [];
  for await (const event of run.events()) if (event.chunk === undefined) runEvents.push(event);
  return { ...told, written, runEvents, chunks, snapshot: await run.snapshot(), records };
}
