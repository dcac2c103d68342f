import { codeNumbers, JsonDecodeError, VisionBatchError, type Code } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { loadJsonCodec } from "../protocol/json-codec.ts";
import type { ImageResponse } from "../results/response-types.ts";
import { resultStatuses, type ResultStatus } from "../results/index.ts";
import type { NamedRecord } from "./named-record.ts";

interface Line {
  readonly index?: unknown;
  readonly uri?: unknown;
  readonly input?: unknown;
  readonly customId?: unknown;
  readonly page?: unknown;
  readonly pages?: unknown;
  readonly status?: unknown;
  readonly response?: unknown;
  readonly error?: unknown;
}

/** Options of {@link readNdjson}. */
export interface ReadNdjsonOptions {
  /** What the lines are of, as errors name it: a path, or `stdin`. */
  readonly name: string;
  /** The version of the API that the results are of. Default: `v1`. */
  readonly version?: ApiVersion | undefined;
}

/**
 * Reads records as this package writes them, by its exporter or its commands: a line of JSON each; a line
 * with `pages` holds those of a document.
 * @throws VisionBatchError for a line that is none, with its number.
 */
export async function* readNdjson(
  lines: AsyncIterable<string>,
  options: ReadNdjsonOptions,
): AsyncGenerator<NamedRecord<"v1">> {
  const { name, version = "v1" } = options;
  const codec = await loadJsonCodec(version);
  const typeName = `google.cloud.vision.${version}.AnnotateImageResponse`;
  const decode: Decode = (json) => codec.fromJson(typeName, json, { enums: "name" });
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === "") continue;
    try {
      yield* recordsOf(JSON.parse(text) as unknown, decode);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof JsonDecodeError)) throw error;
      const problem = `${name}, line ${number}: ${error.message}`;
      throw new VisionBatchError(problem, { cause: error });
    }
  }
}

type Decode = (json: object) => ImageResponse;

function* recordsOf(json: unknown, decode: Decode): Generator<NamedRecord<"v1">> {
  const line = objectOf(json);
  const { pages } = line;
  const parts: readonly unknown[] = Array.isArray(pages) ? pages : [line];
  for (const part of parts) yield toRecord(line, objectOf(part), decode);
}

function objectOf(json: unknown): Line {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  throw new SyntaxError("expected an object with index, uri and status");
}

function toRecord(document: Line, line: Line, decode: Decode): NamedRecord<"v1"> {
  const { index, uri, input, customId } = document;
  const { page, status } = line;
  if (typeof index !== "number" || typeof uri !== "string" || !isStatus(status)) {
    throw new SyntaxError("expected an object with index, uri and status");
  }
  const place = {
    ...{ index, uri },
    ...(typeof page === "number" ? { page } : {}),
    ...(typeof input === "string" ? { input } : {}),
    ...(typeof customId === "string" ? { customId } : {}),
  };
  const response = decode(objectOf(line.response ?? {}));
  const error = toError(line.error);
  if (status === "succeeded") return { ...place, status, response };
  if (status === "partial") return { ...place, status, response, error: error.status };
  if (status === "failed") return { ...place, status, error: error.status };
  return { ...place, status, ...(line.error === undefined ? {} : { error: error.cause }) };
}

function isStatus(status: unknown): status is ResultStatus {
  return (resultStatuses as readonly unknown[]).includes(status);
}

function toError(json: unknown) {
  const { code, name, message } = (json ?? {}) as Readonly<Record<string, unknown>>;
  const text = typeof message === "string" ? message : "";
  const cause = new VisionBatchError(text);
  if (typeof name === "string") Object.defineProperty(cause, "name", { value: name });
  const isKnown = typeof code === "string" && Object.hasOwn(codeNumbers, code);
  const known = isKnown ? (code as Code) : "UNKNOWN";
  return { status: { code: known, message: text, details: [] }, cause };
}
