import { createReadStream } from "node:fs";
import { InvalidRequestError, VisionBatchError } from "../errors/index.ts";
import { maxImageBytes } from "../protocol/limits.ts";
import { fromFileError } from "../storage/file-errors.ts";
import { collectBytes, tooMuch } from "./collect-bytes.ts";
import type { ParsedSource } from "./input-source.ts";

/** A source whose bytes are here, or that the service will read. */
export interface ReadSource {
  /** `gs://...`, `https://...`, `file://...`; empty for bytes and streams. */
  readonly uri: string;
  /** Absent where the service reads the URI. */
  readonly content?: Uint8Array;
}

/** How a source is read. */
export interface ReadSourceOptions {
  /** What the source is called in errors, e.g. `inputs[3]`. */
  readonly name: string;
  readonly signal: AbortSignal;
}

const chunkBytes = 1024 * 1024;

/**
 * Reads what is not read by the service, {@link maxImageBytes} at most.
 * @throws InvalidRequestError for what is no source, is empty or too large; StorageError for a file, and
 * VisionBatchError for a stream, that cannot be read; the signal's reason.
 */
export async function readSource(
  source: ParsedSource,
  options: ReadSourceOptions,
): Promise<ReadSource> {
  const { kind, uri } = source;
  if (kind === "uri") return { uri };
  const refuse = (message: string): never => {
    throw new InvalidRequestError("the input", [{ field: options.name, value: uri, message }]);
  };
  if (kind === "none") return refuse(source.problem);
  const content = await contentOf(source, options);
  if (content === tooMuch) return refuse(`is larger than ${maxImageBytes} bytes`);
  return content.length === 0 ? refuse("has no bytes") : { uri, content };
}

async function contentOf(
  source: Extract<ParsedSource, { kind: "bytes" | "path" | "stream" }>,
  { name, signal }: ReadSourceOptions,
): Promise<Uint8Array | typeof tooMuch> {
  const limits = { maxBytes: maxImageBytes, signal };
  if (source.kind === "bytes") {
    return source.bytes.length > maxImageBytes ? tooMuch : source.bytes;
  }
  try {
    if (source.kind === "stream") return await collectBytes(source.stream, limits);
    const file = createReadStream(source.path, { highWaterMark: chunkBytes });
    return await collectBytes(file, limits);
  } catch (cause) {
    signal.throwIfAborted();
    if (source.kind === "path") throw fromFileError(cause, source.uri);
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new VisionBatchError(`${name} cannot be read: ${message}`, { cause });
  }
}
