import type { PackageDefinition } from "@grpc/proto-loader";
import { isPlainJson, type PlainJson } from "../plain-json.ts";
import { WirePlans, type MessagePlan, type SpecialKind } from "./wire-plan.ts";

/** The shape of proto-loader's objects for Timestamp and Duration; `seconds` is an int64 as text. */
interface SecondsAndNanos {
  readonly seconds?: string;
  readonly nanos?: number;
}

type Convert = (kind: SpecialKind, value: unknown) => unknown;

/**
 * Turns messages between proto3 JSON form and the objects of proto-loader, which differ in five
 * things: Timestamp, Duration, FieldMask, an Any whose type is not known, and wrappers.
 */
export class WireForm {
  readonly #plans: WirePlans;

  constructor(definition: PackageDefinition) {
    this.#plans = new WirePlans(definition);
  }

  /** A received message in proto3 JSON form. */
  toJson(typeName: string, message: PlainJson): PlainJson {
    return mapFields(this.#plans.planOf(typeName), message, specialToJson);
  }

  /** A message in proto3 JSON form as proto-loader takes it. */
  fromJson(typeName: string, message: PlainJson): PlainJson {
    return mapFields(this.#plans.planOf(typeName), message, (kind, value) =>
      kind === "any" && isPlainJson(value)
        ? this.#anyFromJson(value)
        : specialFromJson(kind, value),
    );
  }

  #anyFromJson(any: PlainJson): PlainJson {
    const typeUrl = String(any["@type"]);
    const typeName = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
    if (this.#plans.knows(typeName)) return this.fromJson(typeName, any);
    return { type_url: typeUrl, value: any["value"] ?? "" };
  }
}

/** The message itself where nothing in it is to be converted, so that large ones are not copied. */
function mapFields(plan: MessagePlan, message: PlainJson, convert: Convert): PlainJson {
  let mapped: Record<string, unknown> | undefined;
  for (const [name, field] of plan) {
    const value = message[name];
    if (value === undefined || value === null) continue;
    const mapOne = (one: unknown): unknown => {
      if (field.kind !== "message") return convert(field.kind, one);
      return isPlainJson(one) ? mapFields(field.fields, one, convert) : one;
    };
    mapped ??= { ...message };
    mapped[name] = Array.isArray(value) ? value.map(mapOne) : mapOne(value);
  }
  return mapped ?? message;
}

function specialToJson(kind: SpecialKind, value: unknown): unknown {
  if (!isPlainJson(value)) return value;
  switch (kind) {
    case "timestamp":
      return timestampToJson(value);
    case "duration":
      return durationToJson(value);
    case "fieldMask":
      return pathsOf(value).map(toCamelCase).join(",");
    case "wrapper":
      return value["value"] ?? 0;
    case "any":
      return value;
  }
}

function specialFromJson(kind: SpecialKind, value: unknown): unknown {
  if (kind === "wrapper") return { value };
  if (typeof value !== "string") return value;
  switch (kind) {
    case "timestamp":
      return timestampFromJson(value);
    case "duration":
      return durationFromJson(value);
    case "fieldMask":
      return { paths: value === "" ? [] : value.split(",").map(toSnakeCase) };
    case "any":
      return value;
  }
}

function timestampToJson({ seconds = "0", nanos = 0 }: SecondsAndNanos): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`;
}

function durationToJson({ seconds = "0", nanos = 0 }: SecondsAndNanos): string {
  const sign = nanos < 0 && !seconds.startsWith("-") ? "-" : "";
  return `${sign}${seconds}${fraction(nanos)}s`;
}

function fraction(nanos: number): string {
  return nanos === 0 ? "" : `.${String(Math.abs(nanos)).padStart(9, "0")}`;
}

function timestampFromJson(text: string): SecondsAndNanos {
  const wholeSeconds = Date.parse(text.replace(/\.[0-9]+/, "")) / 1000;
  return { seconds: String(wholeSeconds), nanos: nanosOf(text) };
}

function durationFromJson(text: string): SecondsAndNanos {
  const seconds = /^-?[0-9]+/.exec(text)?.[0] ?? "0";
  return { seconds, nanos: text.startsWith("-") ? -nanosOf(text) : nanosOf(text) };
}

function nanosOf(text: string): number {
  return Number((/\.([0-9]{1,9})/.exec(text)?.[1] ?? "").padEnd(9, "0"));
}

function pathsOf({ paths }: PlainJson): readonly string[] {
  return Array.isArray(paths) ? (paths as readonly string[]) : [];
}

function toCamelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toSnakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
