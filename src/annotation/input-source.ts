import { fileURLToPath, pathToFileURL } from "node:url";
import type { ByteStream } from "./collect-bytes.ts";
import { isBytes } from "./file-type.ts";

/**
 * An image or a file to annotate. A string that has a scheme and `://` is a URI: `gs://`, `https://`
 * and `http://` ones are read by the service, `file://` ones here; every other string is the path of a
 * local file, e.g. `scans/1.png`, `./1.png` or `C:\scans\1.png`. A URL object is of `file:`, `https:` or
 * `http:`. Bytes are not copied. Streams of bytes (a Node Readable, a web ReadableStream, an async
 * iterable) are read once and to their end.
 */
export type InputSource =
  string | URL | Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** What an {@link InputSource} turned out to be. */
export type ParsedSource =
  | { readonly kind: "uri"; readonly uri: string }
  | { readonly kind: "path"; readonly uri: string; readonly path: string }
  | { readonly kind: "bytes"; readonly uri: ""; readonly bytes: Uint8Array }
  | { readonly kind: "stream"; readonly uri: ""; readonly stream: ByteStream }
  | { readonly kind: "none"; readonly uri: string; readonly problem: string };

/** A scheme has two letters or more, so that the drive of a Windows path is none. */
const withScheme = /^([a-z][a-z\d+.-]+):\/\//i;

/** Tells what a source is; nothing is read. */
export function parseSource(source: unknown): ParsedSource {
  if (typeof source === "string") return parseText(source);
  if (source instanceof URL) return parseUrl(source);
  if (isBytes(source)) return { kind: "bytes", uri: "", bytes: source };
  if (isStream(source)) return { kind: "stream", uri: "", stream: source };
  const problem = "expected a path, a URI, bytes (Uint8Array) or a stream of bytes";
  return { kind: "none", uri: "", problem };
}

/** Whether something is read chunk by chunk. */
export function isStream(value: unknown): value is ByteStream {
  const isObject = typeof value === "object" && value !== null;
  return isObject && (Symbol.asyncIterator in value || "getReader" in value);
}

function parseText(text: string): ParsedSource {
  const scheme = withScheme.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return parsePath(text);
  if (scheme === "file") return parseFileUrl(text);
  // Whether the service takes it is for the rules of requests to say.
  return { kind: "uri", uri: text };
}

function parseUrl(url: URL): ParsedSource {
  const { protocol, href } = url;
  if (protocol === "file:") return parseFileUrl(href);
  if (protocol === "https:" || protocol === "http:") return { kind: "uri", uri: href };
  // A URL object has escaped what stands verbatim in the name of an object.
  const problem = "expected a file:, https: or http: URL; give a gs:// URI as a string";
  return { kind: "none", uri: href, problem };
}

function parsePath(path: string): ParsedSource {
  if (path === "") return { kind: "none", uri: "", problem: "is an empty path" };
  return { kind: "path", uri: pathToFileURL(path).href, path };
}

function parseFileUrl(href: string): ParsedSource {
  try {
    return { kind: "path", uri: href, path: fileURLToPath(href) };
  } catch (error) {
    return { kind: "none", uri: href, problem: (error as Error).message };
  }
}
