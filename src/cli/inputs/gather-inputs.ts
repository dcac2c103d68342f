import { loadServices } from "../../protocol/method-table.ts";
import type { RunInputObject } from "../../runs/index.ts";
import { fileMimeTypeOf } from "../../runs/plan/file-type.ts";
import type { ObjectStore } from "../../storage/index.ts";
import type { ConnectionFlags } from "../connection.ts";
import type { Progress } from "../render/progress.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";
import { findInputs, listedInputs, type FindContext } from "./find-inputs.ts";
import type { FoundInput } from "./input.ts";
import { prepareInputs, type KindSource } from "./prepare-inputs.ts";
import { readLines } from "./read-lines.ts";

/** The options that say what the inputs are. */
export interface InputFlags extends Pick<ConnectionFlags, "apiVersion" | "transport"> {
  /** A file with a list of inputs, `-` for stdin. */
  readonly from?: string;
  readonly images?: boolean;
  readonly byName?: boolean;
}

/** What {@link gatherInputs} needs. */
export interface GatherOptions {
  readonly args: readonly string[];
  readonly flags: InputFlags;
  readonly store: ObjectStore;
  readonly streams: Streams;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The folder below which local files are put, ending in `/`. */
  readonly output: string;
  /** Default: true. Without, nothing is written and local files have URIs that only stand for theirs. */
  readonly stage?: boolean;
}

const skippedShown = 5;
/** Inputs among which repeated ones are counted: all of them would need memory for all of them. */
const comparedInputs = 100_000;

/**
 * The inputs that the arguments and the list name, one after another as they are asked for; the first
 * has been found when this resolves, so that most of what may be wrong is told before anything else is done.
 * @throws UsageError for what is no input, here or later; StorageError
 */
export async function gatherInputs(
  options: GatherOptions,
): Promise<AsyncGenerator<RunInputObject, void, undefined>> {
  const inputs = allInputs(options);
  const first = await inputs.next();
  return (async function* () {
    try {
      if (first.done === true) return;
      yield first.value;
      yield* inputs;
    } finally {
      await inputs.return();
    }
  })();
}

async function* allInputs(options: GatherOptions): AsyncGenerator<RunInputObject, void, undefined> {
  const { flags, store, progress, signal, output, stage = true } = options;
  const skipped = new SkippedPaths();
  const prepared = prepareInputs((stop) => found(options, stop, skipped), {
    ...{ store, signal, output, stage, kindBy: kindSource(flags) },
  });
  const seen = new Set<string>();
  const kinds = new Set<string>();
  let count = 0;
  for await (const input of prepared) {
    if (count < comparedInputs) seen.add(input.uri);
    count++;
    await checkKind(input, flags, kinds);
    yield input;
    if (stage) progress.update({ phase: "preparing", done: count, unit: "inputs" });
  }
  if (stage && count > 1) {
    progress.update({ phase: "preparing", done: count, total: count, unit: "inputs" });
  }
  skipped.note(progress);
  if (count === 0) throw new UsageError("no input: name files or gs:// URIs, or use --from");
  const repeated = Math.min(count, comparedInputs) - seen.size;
  if (repeated > 0) {
    progress.note(`${repeated} inputs are given again; each is annotated and billed anew`);
  }
}

async function* found(
  { args, flags, store, streams }: GatherOptions,
  signal: AbortSignal,
  skipped: SkippedPaths,
): AsyncGenerator<FoundInput, void, undefined> {
  const onSkipped = (path: string): void => {
    skipped.add(path);
  };
  const context: FindContext = { store, signal, onSkipped };
  yield* findInputs(args, context);
  if (flags.from === undefined) return;
  yield* listedInputs(readLines(flags.from, streams.stdin, signal), context);
}

function kindSource({ images, byName }: InputFlags): KindSource {
  if (images === true) return "images";
  return byName === true ? "name" : "content";
}

/** Refuses inputs of a kind that the version has no method for; each kind is looked up once. */
async function checkKind(
  { uri, kind }: RunInputObject,
  { apiVersion, transport }: InputFlags,
  checked: Set<string>,
): Promise<void> {
  const what = kind ?? (fileMimeTypeOf(uri) === undefined ? "image" : "file");
  if (checked.has(what)) return;
  checked.add(what);
  const { ImageAnnotator } = await loadServices(apiVersion);
  const isImage = what === "image";
  const name = isImage ? "asyncBatchAnnotateImages" : "asyncBatchAnnotateFiles";
  const method = ImageAnnotator.methods[name];
  const isOffered = transport === "rest" ? method !== undefined : method?.path !== undefined;
  if (isOffered) return;
  const kinds = isImage ? "images" : "documents";
  throw new UsageError(`${apiVersion} takes no ${kinds} in batches: use another --api-version`);
}

/** What is neither image nor document: how much, and the beginning of it. */
class SkippedPaths {
  readonly #first: string[] = [];
  #count = 0;

  add(path: string): void {
    this.#count++;
    if (this.#first.length < skippedShown) this.#first.push(path);
  }

  note(progress: Progress): void {
    if (this.#count === 0) return;
    const shown = this.#first.join(", ") + (this.#count > skippedShown ? ", ..." : "");
    progress.note(`skipped, neither image nor document: ${this.#count} (${shown})`);
  }
}
