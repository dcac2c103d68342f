import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import picomatch from "picomatch";
import { glob, isDynamicPattern } from "tinyglobby";
import { parseShard } from "../../results/shard-name.ts";
import type { ObjectStore } from "../../storage/index.ts";
import { UsageError } from "../usage-error.ts";
import type { FoundInput } from "./input.ts";
import { isAnnotatable } from "./detect-kind.ts";

/** What {@link findInputs} needs. */
export interface FindContext {
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  /** Told what was found and is neither image nor document: files of folders, results in buckets. */
  readonly onSkipped: (path: string) => void;
}

const scheme = "gs://";

/**
 * Finds what the arguments name, as it is found: `gs://` URIs, globs and folders (ending in `/`), local files, globs
 * and folders. Files of folders that are neither image nor document are left out, and so are the
 * results of earlier runs in the bucket.
 * @throws {@link UsageError} for an argument that names nothing.
 */
export async function* findInputs(
  args: readonly string[],
  context: FindContext,
): AsyncGenerator<FoundInput, void, undefined> {
  for (const argument of args) {
    const inputs = argument.startsWith(scheme)
      ? findObjects(argument, context)
      : findFiles(argument, context);
    let isFound = false;
    for await (const input of inputs) {
      isFound = true;
      yield input;
    }
    if (!isFound) throw new UsageError(`${argument} matches nothing`);
  }
}

/** The inputs of a list, taken literally: what looks like a pattern in it may well be a name. */
export async function* listedInputs(
  lines: AsyncIterable<string>,
  context: FindContext,
): AsyncGenerator<FoundInput, void, undefined> {
  for await (const line of lines) {
    if (line.startsWith(scheme)) yield object(line);
    else yield* findPath(line, context);
  }
}

async function* findObjects(uri: string, context: FindContext): AsyncGenerator<FoundInput> {
  const { store, signal } = context;
  const isPattern = isDynamicPattern(uri) && !uri.endsWith("/");
  const selection = isPattern ? patternOf(uri) : everythingBelow(uri);
  // A name may hold what looks like a pattern, as `photo (1).jpg` does.
  const isObject = isPattern
    ? (await store.stat(uri, { signal })) !== undefined
    : !uri.endsWith("/");
  if (isObject) {
    yield object(uri);
    return;
  }
  for await (const info of store.list(selection.prefix, { signal })) {
    const { uri: each } = info;
    // Consoles make empty objects of such names to show folders.
    if (each.endsWith("/") || !selection.matches(each)) continue;
    // Results of an earlier run, which would be billed as images.
    if (parseShard(info) === undefined) yield object(each);
    else context.onSkipped(each);
  }
}

interface Selection {
  readonly prefix: string;
  readonly matches: (uri: string) => boolean;
}

function everythingBelow(uri: string): Selection {
  return { prefix: uri, matches: () => true };
}

function patternOf(uri: string): Selection {
  const pattern = uri.slice(scheme.length);
  const { base } = picomatch.scan(pattern);
  const [bucket = ""] = pattern.split("/", 1);
  if (base !== bucket && !base.startsWith(`${bucket}/`)) {
    throw new UsageError(`${uri}: a bucket cannot be a pattern`);
  }
  const isMatch = picomatch(pattern, { dot: true });
  const prefix = base === bucket ? `${bucket}/` : base;
  return { prefix: scheme + prefix, matches: (each) => isMatch(each.slice(scheme.length)) };
}

async function* findFiles(argument: string, context: FindContext): AsyncGenerator<FoundInput> {
  const exists = await stat(argument).then(
    () => true,
    () => false,
  );
  if (exists || !isDynamicPattern(argument)) {
    yield* findPath(argument, context);
    return;
  }
  const paths = await glob(argument, {
    expandDirectories: false,
    absolute: isAbsolute(argument),
  });
  for (const path of paths.sort()) yield file(path);
}

async function* findPath(path: string, context: FindContext): AsyncGenerator<FoundInput> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  });
  if (!stats.isDirectory()) {
    yield file(path);
    return;
  }
  const names = await glob("**/*", { cwd: path, expandDirectories: false });
  for (const name of names.sort()) {
    context.signal.throwIfAborted();
    const each = join(path, name);
    if (await isAnnotatable(each)) yield file(each);
    else context.onSkipped(each);
  }
}

function object(uri: string): FoundInput {
  return { given: uri, source: { type: "object", uri } };
}

function file(path: string): FoundInput {
  return { given: path, source: { type: "file", path } };
}
