import { badRequest } from "./api-error.ts";

/** A part of a content: `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The range that a `Range` header asks for of `size` bytes; `unsatisfiable` where there is none of
 * it, undefined for the whole: a header that is not understood is ignored, as HTTP wants it.
 */
export function requestedRange(
  header: string | undefined,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const start = Math.max(0, size - Number(last));
    return start < size ? { start, end: size } : "unsatisfiable";
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(size, Number(last) + 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start < size ? { start, end } : "unsatisfiable";
}

/** What a `Content-Range` header of an upload says; undefined stands for `*`. */
export interface UploadRange {
  /** Undefined for a question how far the upload is. */
  readonly start: number | undefined;
  /** The last byte, inclusive. */
  readonly last: number | undefined;
  readonly total: number | undefined;
}

/**
 * Parses the `Content-Range` header of an upload: `bytes 0-9/20`, or with `*` for the last byte, for all but the total, and for the total.
 * @throws ApiError 400 for anything else.
 */
export function parseUploadRange(header: string): UploadRange {
  const [matched, part = "", first, last, total] =
    /^bytes (\*|(\d+)-(\d+|\*))\/(\d+|\*)$/.exec(header) ?? [];
  if (matched === undefined) throw badRequest(`Failed to parse Content-Range header: ${header}`);
  const count = (text: string | undefined): number | undefined =>
    text === undefined || text === "*" ? undefined : Number(text);
  return {
    start: part === "*" ? undefined : count(first),
    last: count(last),
    total: count(total),
  };
}
