import { VisionBatchError } from "../errors/index.ts";
import { fromRanges } from "../results/number-ranges.ts";
import { endedChunkStates, type ChunkRecord, type InputStatus } from "./journal/chunk-record.ts";
import type { NewChunk, RetryPart } from "./journal/chunk-writes.ts";
import type { Journal } from "./journal/journal.ts";
import type { ChunkKind, RunRecord } from "./journal/run-record.ts";
import { ChunkBuilder } from "./plan/chunk-builder.ts";
import { resolveChunkSizes } from "./plan/chunk-sizes.ts";
import { decodeBlock, type BlockEntry } from "./plan/input-block.ts";
import { chooseRetries } from "./steps/index.ts";

/** Chunks that are looked at and written at a time: all of them or none. */
const chunksAtOnce = 50;

/** What is sent again. */
export interface RetryResult {
  /** Inputs that are sent again. */
  readonly inputs: number;
  /** New chunks that they are in. */
  readonly chunks: number;
}

/**
 * Makes new chunks of the inputs of ended chunks that have one of some statuses. Each is taken once: a
 * second process that does the same finds nothing left.
 * @throws VisionBatchError where the run is in planning or being cancelled, or a chunk changes meanwhile.
 */
export async function retryInputs(
  journal: Journal,
  run: RunRecord,
  options: { readonly statuses?: readonly InputStatus[] | undefined; readonly now: () => number },
): Promise<RetryResult> {
  const { now, statuses } = options;
  const total = { inputs: 0, chunks: 0 };
  let next = run.chunks;
  for (let after = -1; ;) {
    const selection = { run: run.key, states: endedChunkStates, after, limit: chunksAtOnce };
    const page = (await journal.listChunks(selection)).map(({ chunk }) => chunk);
    const last = page.at(-1);
    if (last === undefined) return total;
    after = last.number;
    const choice = await chooseInputs(
      journal,
      // Those that were made by this retry have not failed yet.
      page.filter(({ number }) => number < run.chunks),
      statuses,
    );
    if (choice.taken.length === 0) continue;
    const chunks = cut(choice.inputs, { sizes: resolveChunkSizes(run.options), first: next });
    const { taken } = choice;
    const part = { run: run.key, round: run.rounds + 1, chunks, taken, nowMs: now() };
    if (!(await journal.appendRetry(part))) throw refused(run);
    next += chunks.length;
    total.chunks += chunks.length;
    total.inputs += choice.inputs.length;
  }
}

interface ChosenInput {
  readonly kind: ChunkKind;
  readonly index: number;
  readonly entry: BlockEntry;
}

interface Choice {
  readonly taken: RetryPart["taken"];
  readonly inputs: readonly ChosenInput[];
}

async function chooseInputs(
  journal: Journal,
  chunks: readonly ChunkRecord[],
  statuses: readonly InputStatus[] | undefined,
): Promise<Choice> {
  const taken: RetryPart["taken"][number][] = [];
  const inputs: ChosenInput[] = [];
  for (const chunk of chunks) {
    const outcome = await journal.readOutcome(chunk);
    const choice = outcome === undefined ? undefined : chooseRetries(outcome, statuses);
    const block = choice === undefined ? undefined : await journal.readBlock(chunk);
    if (choice === undefined || block === undefined) continue;
    const { run, number, fence, kind } = chunk;
    taken.push({ run, number, fence, outcome: choice.outcome });
    const { numbers, entries } = decodeBlock(block);
    const indexes = fromRanges(numbers);
    for (const position of choice.positions) {
      const [entry, index] = [entries[position], indexes[position]];
      if (entry !== undefined && index !== undefined) inputs.push({ kind, index, entry });
    }
  }
  return { taken, inputs };
}

/** Cuts inputs into chunks, images and files apart, in the order of the run. */
function cut(
  inputs: readonly ChosenInput[],
  plan: { readonly sizes: ReturnType<typeof resolveChunkSizes>; readonly first: number },
): NewChunk[] {
  const { imagesPerChunk, filesPerChunk } = plan.sizes;
  const builders = {
    image: new ChunkBuilder("image", imagesPerChunk),
    file: new ChunkBuilder("file", filesPerChunk),
  };
  const chunks: NewChunk[] = [];
  const take = (kind: ChunkKind): void => {
    const chunk = builders[kind].take(plan.first + chunks.length);
    if (chunk !== undefined) chunks.push(chunk);
  };
  for (const { kind, entry, index } of [...inputs].sort((a, b) => a.index - b.index)) {
    if (builders[kind].add(entry, index)) take(kind);
  }
  take("image");
  take("file");
  return chunks;
}

function refused({ id }: RunRecord): VisionBatchError {
  return new VisionBatchError(
    `failed inputs of run ${JSON.stringify(id)} cannot be sent again now: it is being planned or cancelled, or somebody else does the same`,
  );
}
