import { unexpected } from "./codec-failure.ts";
import type { IntegerType, LongType } from "./scalar-types.ts";

const largestFloat = 3.4028234663852886e38;
/** The least number that four bytes round to infinity. */
const tooLargeFloat = 3.4028235677973366e38;

const jsonNumber = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;
const nonFinite: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Reads a 32-bit integer: a number, or one in a string; `1e3` and `1.0` are integers. */
export function readInteger(value: unknown, type: IntegerType): number {
  const number = typeof value === "string" ? Number(wholeNumber(value) ?? Number.NaN) : value;
  if (typeof number !== "number" || !isInteger(number, type)) throw unexpected(value, type);
  return number + 0;
}

/** Whether a number is one that the type holds. */
export function isInteger(number: number, type: IntegerType): boolean {
  if (type === "uint32" || type === "fixed32") return number === number >>> 0;
  return number === (number | 0);
}

/** Reads a 64-bit integer into its decimal string; a number beyond 2^53 is taken as JSON.parse rounded it. */
export function readLong(value: unknown, type: LongType): string {
  const number = longOf(value);
  if (number === undefined || !isLong(number, type)) throw unexpected(value, type);
  return number.toString();
}

function longOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "string") return wholeNumber(value);
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;
}

function isLong(number: bigint, type: LongType): boolean {
  const unsigned = type === "uint64" || type === "fixed64";
  return (unsigned ? BigInt.asUintN(64, number) : BigInt.asIntN(64, number)) === number;
}

/** Reads a float or a double: a number, one in a string, or `NaN`, `Infinity`, `-Infinity`. */
export function readFloat(value: unknown, type: "float" | "double"): number {
  const special = nonFinite.get(value);
  if (special !== undefined) return special;
  const number = typeof value === "string" && jsonNumber.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !isFloat(number, type)) throw unexpected(value, `a ${type}`);
  // `3.4028235e38`, the shortest text of the largest float, is more than it: encoders refuse that.
  return type === "float" && Math.abs(number) > largestFloat ? Math.fround(number) : number;
}

function isFloat(number: number, type: "float" | "double"): boolean {
  const limit = leastTooLarge(type);
  return number < limit && number > -limit;
}

/** The least number that, rounded, is beyond the range of the type. */
export function leastTooLarge(type: "float" | "double"): number {
  return type === "float" ? tooLargeFloat : Infinity;
}

/** The value in JSON: a number, or a string where JSON has no number for it. */
export function writeFloat(number: number, type: "float" | "double"): number | string {
  if (!Number.isFinite(number)) return String(number);
  return type === "float" ? shortestFloat(number) : number;
}

/** A double that came from four bytes is written with the fewest digits that yield those bytes. */
function shortestFloat(number: number): number {
  const short = Number.isInteger(number) && Math.abs(number) < 1e6;
  if (short || Math.fround(number) !== number) return number;
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(number.toPrecision(digits));
    if (Math.fround(rounded) === number) return rounded;
  }
  return number;
}

const longestText = 400;

/** The integer that a JSON number in a string stands for; undefined where it is none. */
function wholeNumber(text: string): bigint | undefined {
  const match = text.length > longestText ? null : jsonNumber.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  const digits = whole + fraction;
  if (/^0+$/.test(digits)) return 0n;
  const exponent = Number(exponentText) - fraction.length;
  if (exponent >= 0) {
    return exponent > longestText ? undefined : BigInt(`${sign}${digits}${"0".repeat(exponent)}`);
  }
  if (!/^0*$/.test(digits.slice(exponent))) return undefined;
  return BigInt(`${sign}${digits.slice(0, exponent)}`);
}
