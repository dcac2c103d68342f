import { CodecFailure, unexpected } from "./codec-failure.ts";
import type { Members } from "./json-value.ts";
import { readInteger, readLong } from "./numbers.ts";

/** A google.protobuf.Timestamp or Duration as ts-proto has it. */
export interface SecondsAndNanos {
  /** Whole seconds as a decimal string. */
  readonly seconds: string;
  readonly nanos: number;
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
const firstSecond = -62135596800;
const lastSecond = 253402300799;
const longestDuration = 315576000000;

/** Reads RFC 3339 with 0 to 9 digits of a second, in years 1 to 9999. */
export function readTimestamp(value: unknown): SecondsAndNanos {
  const match = typeof value === "string" ? rfc3339.exec(value) : null;
  if (match === null) throw unexpected(value, "a timestamp like 2026-01-31T12:00:00.5Z");
  const [, year, month, day, hour, minute, second, fraction, sign] = match;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = Date.parse(`${text}Z`);
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  const minutes = (offsetHours * 60 + offsetMinutes) * (sign === "-" ? -1 : 1);
  // Date.parse lets 30 February pass into March.
  const exists = !Number.isNaN(local) && new Date(local).toISOString().startsWith(text);
  const seconds = local / 1000 - minutes * 60;
  if (!exists || offsetHours > 23 || offsetMinutes > 59 || !isTimestamp(seconds)) {
    throw unexpected(value, "a time in the years 1 to 9999");
  }
  return { seconds: String(seconds), nanos: readFraction(fraction) };
}

/** Writes RFC 3339 in UTC with 0, 3, 6 or 9 digits of a second. */
export function writeTimestamp(message: Members): string {
  const { seconds, nanos } = readParts(message);
  if (!isTimestamp(seconds) || nanos < 0 || nanos > 999999999) {
    throw new CodecFailure(`${seconds} s and ${nanos} ns are no time in the years 1 to 9999`);
  }
  const text = new Date(seconds * 1000).toISOString().replace(".000Z", "");
  return `${text}${writeFraction(nanos)}Z`;
}

/** Reads seconds with 0 to 9 digits behind the point and an `s`, e.g. `-1.5s`. */
export function readDuration(value: unknown): SecondsAndNanos {
  const match = typeof value === "string" ? /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(value) : null;
  const seconds = Number(match?.[2]);
  if (match === null || seconds > longestDuration) throw unexpected(value, "a duration like 1.5s");
  const sign = match[1] === "-" ? -1 : 1;
  return { seconds: String(sign * seconds + 0), nanos: sign * readFraction(match[3]) + 0 };
}

/** Writes seconds with 0, 3, 6 or 9 digits behind the point and an `s`. */
export function writeDuration(message: Members): string {
  const { seconds, nanos } = readParts(message);
  const far = Math.abs(seconds) > longestDuration || Math.abs(nanos) > 999999999;
  if (far || seconds * nanos < 0) {
    throw new CodecFailure(`${seconds} s and ${nanos} ns are no duration`);
  }
  const sign = seconds < 0 || nanos < 0 ? "-" : "";
  return `${sign}${Math.abs(seconds)}${writeFraction(Math.abs(nanos))}s`;
}

function readParts({ seconds, nanos }: Members): { seconds: number; nanos: number } {
  return {
    seconds: Number(readLong(seconds ?? "0", "int64")),
    nanos: readInteger(nanos ?? 0, "int32"),
  };
}

function isTimestamp(seconds: number): boolean {
  return seconds >= firstSecond && seconds <= lastSecond;
}

function readFraction(digits: string | undefined): number {
  return Number((digits ?? "").padEnd(9, "0"));
}

function writeFraction(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  return `.${digits.replace(/(000){1,2}$/, "")}`;
}
