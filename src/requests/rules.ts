import { ProblemLog } from "./problem-log.ts";

/**
 * Checks a value and gives it back as the encoder takes it, with the default of proto3 where it is
 * absent (undefined). What is wrong goes to the log; the returned value is then of no use.
 */
export type Rule = (value: unknown, log: ProblemLog) => unknown;

/** A message that passed its rules: every field present. */
export type Checked = Readonly<Record<string, unknown>>;

/** A message as the caller wrote it. */
export type Fields = Readonly<Record<string, unknown>>;

const noBytes = new Uint8Array(0);

/** A string; `check` is called for those that are not empty. */
export function text(check?: (value: string, log: ProblemLog) => void): Rule {
  return (value, log) => {
    if (value === undefined || value === "") return "";
    if (typeof value !== "string") log.add(value, `expected a string, got ${kindOf(value)}`);
    else check?.(value, log);
    return value;
  };
}

/** A finite number in a range, whole where `integer` is set. */
export function numeric(range: { min: number; max: number; integer?: boolean }): Rule {
  const { min, max, integer = false } = range;
  const kind = integer ? "a whole number" : "a number";
  return (value, log) => {
    if (value === undefined) return 0;
    const fits = typeof value === "number" && value >= min && value <= max;
    if (!fits || (integer && !Number.isInteger(value))) {
      log.add(value, `expected ${kind} from ${min} to ${max}${typed(value, "number")}`);
    }
    return value;
  };
}

/** The numbers of an int32 field. */
export const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1, integer: true } as const;
/** The numbers of a float field. */
export const float = { min: -3.4028234663852886e38, max: 3.4028234663852886e38 } as const;

/** True or false. */
export const flag: Rule = (value, log) => {
  if (value === undefined) return false;
  if (typeof value !== "boolean") log.add(value, `expected true or false, got ${kindOf(value)}`);
  return value;
};

/** Bytes, in the request itself. */
export const bytes: Rule = (value, log) => {
  if (value === undefined) return noBytes;
  if (value instanceof Uint8Array) return value;
  const hint = typeof value === "string" ? '; of base64 make Buffer.from(text, "base64")' : "";
  log.add(value, `expected bytes (Uint8Array), got ${kindOf(value)}${hint}`);
  return noBytes;
};

/** A list; `check` sees it before its items are looked at. */
export function list(
  item: Rule,
  check?: (items: readonly unknown[], log: ProblemLog) => void,
): Rule {
  return (value, log) => {
    if (value !== undefined && !Array.isArray(value)) {
      log.add(value, `expected a list, got ${kindOf(value)}`);
      return [];
    }
    const items: readonly unknown[] = value ?? [];
    check?.(items, log);
    const checked = new Array<unknown>(items.length);
    for (let index = 0; index < items.length; index++) {
      const entry = items[index];
      log.enter(index);
      if (entry === undefined) log.add(entry, "is missing: the list has a hole here");
      else checked[index] = item(entry, log);
      log.leave();
    }
    return checked;
  };
}

/** A message with these fields and no others; `check` sees it when its fields have been looked at. */
export function message(
  fields: Readonly<Record<string, Rule>>,
  check?: (message: Checked, log: ProblemLog) => void,
): Rule {
  const entries = Object.entries(fields).map(([name, rule]) => [name, field(name, rule)] as const);
  return literalMessage((value, log) => {
    const checked: Record<string, unknown> = {};
    for (const [name, rule] of entries) checked[name] = rule(value[name], log);
    return checked;
  }, check);
}

/**
 * As {@link message}, for those that every image of a request has: its fields are written as one
 * object literal of {@link field}s, which is created many times faster than field by field.
 */
export function literalMessage(
  build: (value: Fields, log: ProblemLog) => Checked,
  check?: (message: Checked, log: ProblemLog) => void,
): Rule {
  const names = Object.keys(build({}, new ProblemLog()));
  const known = new Set([...names, unknownFields]);
  return (value, log) => {
    if (value === undefined) return undefined;
    if (!isRecord(value)) {
      log.add(value, `expected an object, got ${kindOf(value)}`);
      return undefined;
    }
    const built = build(value, log);
    for (const key in value) {
      if (!known.has(key)) log.addUnknown(key, value[key], names);
    }
    const checked = value[unknownFields] === undefined ? built : keepUnknown(value, built, log);
    check?.(checked, log);
    return checked;
  };
}

/** A field of a message: a rule that knows where it looks. */
export function field(name: string, rule: Rule): Rule {
  return (value, log) => {
    log.enter(name);
    const checked = rule(value, log);
    log.leave();
    return checked;
  };
}

/** A field that must be there. */
export function required(rule: Rule, expectation: string): Rule {
  return (value, log) => {
    if (value === undefined || value === "") {
      log.add(value, `is required: ${expectation}`);
      return undefined;
    }
    return rule(value, log);
  };
}

/** Checks a value once while equal ones follow each other, as the features of the images of a request do. */
export function remember(rule: Rule): Rule {
  return (value, log) => {
    const last = log.remembered.get(rule);
    if (last !== undefined && areAlike(last.value, value)) return last.checked;
    const before = log.problems.length;
    const checked = rule(value, log);
    // A faulty value is looked at again, so that each place that has it is reported.
    if (log.problems.length === before) log.remembered.set(rule, { value, checked });
    return checked;
  };
}

/** Whether two values have the same fields and items all the way down. */
function areAlike(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) {
      if (!areAlike(left[index], right[index])) return false;
    }
    return true;
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  let fields = 0;
  for (const key in left) {
    if (!(key in right) || !areAlike(left[key], right[key])) return false;
    fields++;
  }
  for (const _key in right) fields--;
  return fields === 0;
}

/** What a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return "null (leave the field out instead)";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Whether a value is an object with fields: no list, no bytes. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}

function typed(value: unknown, expected: string): string {
  return typeof value === expected ? "" : `, got ${kindOf(value)}`;
}

/** Where a decoded message keeps fields that its version does not know; they go on as they came. */
const unknownFields = "_unknownFields";

function keepUnknown(value: Fields, checked: Checked, log: ProblemLog): Checked {
  const unknown = value[unknownFields];
  if (isRecord(unknown) && Object.entries(unknown).every(isWireField)) {
    return { ...checked, [unknownFields]: unknown };
  }
  log.addAt(
    unknownFields,
    unknown,
    "expected lists of bytes by tag, as a decoded message has them",
  );
  return checked;
}

/** What the encoder takes; anything else would fail it when nobody can tell any more what was sent. */
function isWireField([tag, values]: [string, unknown]): boolean {
  const isTag = /^[1-9]\d*$/.test(tag) && Number(tag) < 2 ** 32;
  return isTag && Array.isArray(values) && values.every((value) => value instanceof Uint8Array);
}
