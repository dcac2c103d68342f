import type { RequestProblem } from "../../errors/index.ts";
import { ProblemLog } from "../../requests/problem-log.ts";
import { checkObjectUri } from "../../requests/uri-rules.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { fileMimeTypeOf, isFileMimeType } from "./file-type.ts";
import type { BlockEntry } from "./input-block.ts";
import type { RunInput, RunInputObject } from "./run-input.ts";

/** An input that was found in order. */
export interface CheckedInput {
  readonly kind: ChunkKind;
  readonly entry: BlockEntry;
}

const members = ["uri", "customId", "kind", "mimeType"] as const;

/** Checks inputs one by one, and keeps what is wrong with them. */
export class InputChecker {
  readonly #log = new ProblemLog();

  constructor() {
    this.#log.enter("inputs");
  }

  /** Everything that was wrong so far, each with the number of its input. */
  get problems(): readonly RequestProblem[] {
    return this.#log.problems;
  }

  /** How an input is sent; undefined where something is wrong with it. */
  check(input: RunInput, index: number): CheckedInput | undefined {
    const log = this.#log;
    const before = log.problems.length;
    log.enter(index);
    const checked = typeof input === "string" ? checkUri(input, log) : checkObject(input, log);
    log.leave();
    return log.problems.length === before ? checked : undefined;
  }
}

function checkUri(uri: string, log: ProblemLog): CheckedInput {
  checkObjectUri(uri, log);
  return { kind: fileMimeTypeOf(uri) === undefined ? "image" : "file", entry: uri };
}

function checkObject(input: RunInputObject, log: ProblemLog): CheckedInput | undefined {
  // Plain JavaScript may pass anything.
  const given: unknown = input;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    log.add(given, "expected a URI, or an object with one as its uri");
    return undefined;
  }
  for (const name of Object.keys(given)) {
    const known = (members as readonly string[]).includes(name);
    if (!known) log.addUnknown(name, (given as Record<string, unknown>)[name], members);
  }
  const texts = ["uri", "customId", "mimeType"] as const;
  const wrong = texts.filter((name) => !isText(input[name], name !== "uri"));
  for (const name of wrong) log.addAt(name, input[name], "expected a string");
  if (wrong.length > 0) return undefined;
  log.enter("uri");
  checkObjectUri(input.uri, log);
  log.leave();
  const kind = kindOf(input, log);
  return kind === undefined ? undefined : { kind, entry: toEntry(input, kind) };
}

function isText(value: unknown, mayBeAbsent: boolean): boolean {
  return typeof value === "string" || (mayBeAbsent && value === undefined);
}

function kindOf({ uri, kind, mimeType }: RunInputObject, log: ProblemLog): ChunkKind | undefined {
  const isFile = mimeType === undefined ? undefined : isFileMimeType(mimeType);
  const fileTypes = "application/pdf, image/tiff or image/gif";
  if (kind === undefined) {
    if (isFile ?? fileMimeTypeOf(uri) !== undefined) return "file";
    if (mimeType === undefined || mimeType.startsWith("image/")) return "image";
    log.addAt("mimeType", mimeType, `is neither that of an image nor ${fileTypes}`);
  } else if (kind === "image") {
    if (mimeType === undefined || mimeType.startsWith("image/")) return "image";
    log.addAt("mimeType", mimeType, "is not that of an image");
  } else if ((kind as string) !== "file") {
    log.addAt("kind", kind, "expected image or file");
  } else {
    if (isFile ?? fileMimeTypeOf(uri) !== undefined) return "file";
    log.addAt("mimeType", mimeType, `a file must be ${fileTypes}`);
  }
  return undefined;
}

/** What the extension tells is not kept beside it. */
function toEntry({ uri, customId, mimeType }: RunInputObject, kind: ChunkKind): BlockEntry {
  if (kind === "file" && mimeType !== undefined && mimeType !== fileMimeTypeOf(uri)) {
    return [uri, customId ?? null, mimeType];
  }
  return customId === undefined ? uri : [uri, customId];
}
