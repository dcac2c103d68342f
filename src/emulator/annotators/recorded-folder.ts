import { readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { VisionBatchError } from "../../errors/index.ts";
import { responseFields } from "./feature-fields.ts";
import { RecordedResponses, type UriRecording } from "./recorded-responses.ts";
import type { AnnotateImageResponseJson, JsonObject } from "./response-json.ts";

const contentName = /^([0-9a-f]{64}(?:-page-[1-9][0-9]*)?)\.json$/;

/**
 * Reads a folder of recorded responses: `<sha256>.json` and `<sha256>-page-<n>.json`, each an
 * `AnnotateImageResponse` in proto3 JSON form or `{ "responses": [it] }`, and `index.json`:
 * `[{ "uri": "gs://bucket/*.png", "page"?: 3, "response": {...} | "file": "name.json" }]`. In a
 * pattern `*` stays within a folder and `**` does not; the pattern `*` alone matches everything.
 * @throws {@link VisionBatchError} that lists everything that is wrong with the folder.
 */
export function loadRecordedResponses(directory: string): RecordedResponses {
  const reader = new FolderReader(directory);
  const recorded = reader.read();
  if (reader.problems.length > 0) {
    const shown = reader.problems.slice(0, 10).join("; ");
    const more = reader.problems.length > 10 ? `; and ${reader.problems.length - 10} more` : "";
    throw new VisionBatchError(
      `the recorded responses in ${directory} cannot be used: ${shown}${more}`,
    );
  }
  return recorded;
}

class FolderReader {
  readonly problems: string[] = [];
  readonly #directory: string;
  readonly #named = new Set<string>();

  constructor(directory: string) {
    this.#directory = resolve(directory);
  }

  read(): RecordedResponses {
    const names = this.#list();
    const byUri = names.includes("index.json") ? this.#readIndex() : [];
    const byContent = new Map<string, AnnotateImageResponseJson>();
    for (const name of names) {
      const key = contentName.exec(name)?.[1];
      if (key !== undefined) byContent.set(key, this.#readResponse(name));
      else if (name.endsWith(".json") && name !== "index.json" && !this.#named.has(name)) {
        this.problems.push(
          `${name} is neither named <sha256>.json or <sha256>-page-<n>.json nor in index.json`,
        );
      }
    }
    return new RecordedResponses(this.#directory, byContent, byUri);
  }

  #list(): readonly string[] {
    try {
      return readdirSync(this.#directory).sort();
    } catch (error) {
      this.problems.push(`it cannot be listed (${(error as Error).message})`);
      return [];
    }
  }

  #readIndex(): readonly UriRecording[] {
    const index = this.#readJson("index.json");
    if (index === undefined) return [];
    if (!Array.isArray(index)) {
      this.problems.push("index.json is not a list");
      return [];
    }
    return index.flatMap((entry: unknown, n) => this.#readEntry(entry, `index.json[${n}]`));
  }

  #readEntry(entry: unknown, where: string): readonly UriRecording[] {
    if (!isObject(entry) || typeof entry["uri"] !== "string" || entry["uri"] === "") {
      this.problems.push(`${where} has no "uri"`);
      return [];
    }
    const { uri, page, response, file } = entry;
    if (page !== undefined && !(Number.isInteger(page) && (page as number) > 0)) {
      this.problems.push(`${where}.page is not a number of a page, counted from 1`);
    }
    if ((response === undefined) === (typeof file !== "string")) {
      this.problems.push(`${where} needs either "response" or "file"`);
      return [];
    }
    return [
      {
        matches: uriMatcher(uri),
        ...(page === undefined ? {} : { page: page as number }),
        response:
          typeof file === "string"
            ? this.#readNamedFile(file, where)
            : this.#check(response, `${where}.response`),
      },
    ];
  }

  #readNamedFile(name: string, where: string): AnnotateImageResponseJson {
    if (!resolve(this.#directory, name).startsWith(this.#directory + sep)) {
      this.problems.push(`${where}.file ${name} lies outside of the folder`);
      return {};
    }
    this.#named.add(name);
    return this.#readResponse(name);
  }

  #readResponse(name: string): AnnotateImageResponseJson {
    const content = this.#readJson(name);
    return content === undefined ? {} : this.#check(content, name);
  }

  #readJson(name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.#directory, name), "utf8")) as unknown;
    } catch (error) {
      this.problems.push(`${name} cannot be read as JSON (${(error as Error).message})`);
      return undefined;
    }
  }

  #check(content: unknown, where: string): AnnotateImageResponseJson {
    const response = onlyResponse(content);
    if (!isObject(response)) {
      this.problems.push(`${where} is not one AnnotateImageResponse`);
      return {};
    }
    const unknown = Object.keys(response).filter((field) => !responseFields.has(field));
    if (unknown.length > 0) {
      this.problems.push(`${where} has fields that no response has: ${unknown.join(", ")}`);
    }
    return response;
  }
}

/** An answer of `images:annotate` for one image, saved as it came, is a recording as well. */
function onlyResponse(content: unknown): unknown {
  const responses = isObject(content) ? content["responses"] : undefined;
  return Array.isArray(responses) && responses.length === 1 ? responses[0] : content;
}

function uriMatcher(pattern: string): (uri: string) => boolean {
  if (pattern === "*") return () => true;
  return picomatch(pattern, { dot: true, nonegate: true, noextglob: true });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
