import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { ObjectStore } from "../../storage/index.ts";
import { UsageError } from "../usage-error.ts";

/** What {@link stageFile} needs. */
export interface StageContext {
  readonly store: ObjectStore;
  /** The folder below which `inputs/` stands, ending in `/`. */
  readonly output: string;
  readonly signal: AbortSignal;
}

const maxNameBytes = 200;
const digestLength = 32;

/**
 * Puts a local file into the bucket as `<output>inputs/<start of its SHA-256>/<its name>` unless it
 * is there already, and gives its URI.
 * @throws {@link UsageError} for a file that cannot be read, StorageError
 */
export async function stageFile(path: string, context: StageContext): Promise<string> {
  const { store, output, signal } = context;
  const digest = await digestOf(path, signal);
  const uri = `${output}inputs/${digest.slice(0, digestLength)}/${objectName(path)}`;
  if ((await store.stat(uri, { signal })) === undefined) {
    // Without a precondition, so that a transient error is no reason to give up: the name tells the
    // content, and who writes it again writes the same.
    await store.write(uri, createReadStream(path, { signal }), { signal });
  }
  return uri;
}

/** A URI such as a local file would have, without reading the file. */
export function stagedUri(path: string, { output }: Pick<StageContext, "output">): string {
  return `${output}inputs/${"0".repeat(digestLength)}/${objectName(path)}`;
}

async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const part of createReadStream(path, { signal })) hash.update(part as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return hash.digest("hex");
}

/** The file's name, as far as an object's name may hold it. */
function objectName(path: string): string {
  const name = basename(path).replace(/[\p{Cc}\p{Surrogate}]/gu, "_");
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  return Buffer.from(name)
    .subarray(-maxNameBytes)
    .toString()
    .replace(/^\ufffd+/, "");
}
