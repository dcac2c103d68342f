import type {
  EnumInfo,
  FieldInfo,
  TypeRegistry,
  ValueType,
} from "../../../src/protocol/json/type-registry.ts";
import type { ScalarType } from "../../../src/protocol/json/scalar-types.ts";

/** A message as JSON: the canonical form, and another that says the same as leniently as it may. */
export interface RandomJson {
  readonly canonical: unknown;
  readonly variant: unknown;
}

/** A number of [0, 1) at each call, the same row for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a generator leaves out for the sake of an oracle. */
export interface Omissions {
  /** Types that no field and no Any is of. */
  readonly types?: readonly string[];
  /** Types with a JSON form of their own inside Any. */
  readonly specialsInAny?: boolean;
  /** 64-bit integers written as `1.0` or `1e3`. */
  readonly wideLongs?: boolean;
  readonly negativeDurations?: boolean;
  /** `null` for a member of a oneof. */
  readonly nullInOneof?: boolean;
}

/** Makes random messages of the types of a registry; lists and messages end at some depth. */
export function createJsonGenerator(
  registry: TypeRegistry,
  random: () => number,
  without: Omissions = {},
) {
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
  const same = (value: unknown): RandomJson => ({ canonical: value, variant: value });

  function message(typeName: string, depth: number): RandomJson {
    const special = specials[typeName.slice("google.protobuf.".length)];
    if (special !== undefined) return special(depth);
    const canonical: Record<string, unknown> = {};
    const variant: Record<string, unknown> = {};
    const oneofs = new Set<string>();
    for (const field of registry.fieldsOf(typeName) ?? []) {
      const taken = field.oneof !== undefined && oneofs.has(field.oneof);
      const value = taken || random() < 0.3 ? undefined : fieldValue(field, depth);
      if (value === undefined) {
        const nullable = field.oneof === undefined || without.nullInOneof !== true;
        if (nullable && random() < 0.1) variant[field.jsonName] = null;
        continue;
      }
      if (field.oneof !== undefined) oneofs.add(field.oneof);
      canonical[field.jsonName] = value.canonical;
      variant[random() < 0.5 ? field.jsonName : field.protoName] = value.variant;
    }
    return { canonical, variant };
  }

  function fieldValue({ label, type }: FieldInfo, depth: number): RandomJson | undefined {
    if (type.kind === "message" && (depth > 4 || isOmitted(type.name))) return undefined;
    if (label === "repeated") return list(type, depth);
    if (label === "map") return map(type, depth);
    const value = element(type, depth);
    // The default of a field without presence is not written.
    return label === "single" && isDefault(value.canonical, type) ? undefined : value;
  }

  function list(type: ValueType, depth: number): RandomJson {
    const items = Array.from({ length: 1 + upTo(3) }, () => element(type, depth));
    return {
      canonical: items.map(({ canonical }) => canonical),
      variant: items.map(({ variant }) => variant),
    };
  }

  function map(type: ValueType, depth: number): RandomJson {
    const keys = [...new Set(Array.from({ length: 1 + upTo(3) }, () => `${text()}k`))];
    const entries = keys.map((key) => [key, element(type, depth)] as const);
    return {
      canonical: Object.fromEntries(entries.map(([key, { canonical }]) => [key, canonical])),
      variant: Object.fromEntries(entries.map(([key, { variant }]) => [key, variant])),
    };
  }

  function element(type: ValueType, depth: number): RandomJson {
    if (type.kind === "message") return message(type.name, depth + 1);
    return type.kind === "enum" ? enumValue(registry.enumOf(type.name)) : scalar(type.scalar);
  }

  function enumValue({ numbers, names }: EnumInfo): RandomJson {
    if (random() < 0.1) return same(pick([-1, 4711, 2 ** 31 - 1]));
    const [, number] = pick([...numbers]);
    const canonical = names.get(number);
    return { canonical, variant: random() < 0.5 ? number : canonical };
  }

  function scalar(type: ScalarType): RandomJson {
    switch (type) {
      case "string":
        return same(text());
      case "bool":
        return same(random() < 0.5);
      case "bytes":
        return bytes();
      case "float":
      case "double":
        return float();
      default:
        return integer(integerRanges[type]);
    }
  }

  function text(): string {
    return pick(["", "a", "Grüße", "𝕏 🎉", '\u0000\n"\\', "__proto", "1e3", "x".repeat(300)]);
  }

  function bytes(): RandomJson {
    const value = Buffer.from(Array.from({ length: upTo(9) }, () => upTo(256)));
    return {
      canonical: value.toString("base64"),
      variant: value.toString(random() < 0.5 ? "base64url" : "base64"),
    };
  }

  function float(): RandomJson {
    const special = random();
    if (special < 0.1) return same(pick(["NaN", "Infinity", "-Infinity"]));
    // Of few digits, so that four bytes and their shortest text say the same.
    const value = special < 0.2 ? pick([1.5e-7, -98.5, 3e38, 1470.4]) : (upTo(2e6) - 1e6) / 1000;
    return { canonical: value + 0, variant: random() < 0.3 ? String(value) : value };
  }

  function integer([lowest, highest]: readonly [bigint, bigint]): RandomJson {
    const value = random() < 0.3 ? pick([lowest, highest, 1n]) : BigInt(upTo(10000));
    const long = highest > 2n ** 32n;
    const canonical = long ? value.toString() : Number(value);
    const wide = value % 1000n === 0n ? `${value / 1000n}e3` : `${value}.0`;
    const allowWide = !long || without.wideLongs !== true;
    const variant = allowWide && random() < 0.5 ? wide : value.toString();
    return { canonical, variant: random() < 0.5 ? variant : canonical };
  }

  function timestamp(): RandomJson {
    const seconds = upTo(2 ** 32) - 2 ** 31;
    const nanos = pick(["", ".5", ".000001", ".123456789", ".100000000"]);
    const canonical = formatTime(seconds, canonicalFraction(nanos));
    const east = formatTime(seconds + 5400, nanos).replace("Z", "+01:30");
    return { canonical, variant: random() < 0.5 ? east : canonical };
  }

  function duration(): RandomJson {
    const sign = without.negativeDurations === true ? "" : pick(["", "-"]);
    const seconds = 1 + upTo(315576000000 - 1);
    const fraction = pick(["", ".5", ".000001", ".123456789"]);
    return {
      canonical: `${sign}${seconds}${canonicalFraction(fraction)}s`,
      variant: `${sign}${seconds}${fraction}s`,
    };
  }

  function any(depth: number): RandomJson {
    const inner = registry.typeNames.filter(
      (name) => !isOmitted(name) && (without.specialsInAny !== true || !isSpecial(name)),
    );
    const typeName = depth > 4 ? "google.rpc.ErrorInfo" : pick(inner);
    const { canonical, variant } = message(typeName, depth + 1);
    const typed = (value: unknown): object => {
      const content = isSpecial(typeName) ? { value } : (value as object);
      return { "@type": `type.googleapis.com/${typeName}`, ...content };
    };
    return { canonical: typed(canonical), variant: typed(variant) };
  }

  const fieldMask = (): RandomJson => same(pick(["", "name", "name,displayName.labels"]));
  const specials: Record<string, ((depth: number) => RandomJson) | undefined> = {
    Timestamp: timestamp,
    Duration: duration,
    Any: any,
    FieldMask: fieldMask,
    DoubleValue: float,
    FloatValue: float,
    Int32Value: () => scalar("int32"),
    UInt32Value: () => scalar("uint32"),
    Int64Value: () => scalar("int64"),
    UInt64Value: () => scalar("uint64"),
    BoolValue: () => scalar("bool"),
    StringValue: () => scalar("string"),
    BytesValue: () => scalar("bytes"),
  };

  function isSpecial(typeName: string): boolean {
    return specials[typeName.slice("google.protobuf.".length)] !== undefined;
  }

  function isOmitted(typeName: string): boolean {
    return without.types?.includes(typeName) === true;
  }

  function isDefault(value: unknown, type: ValueType): boolean {
    if (type.kind === "enum") return registry.enumOf(type.name).names.get(0) === value;
    return type.kind === "scalar" && ["", 0, "0", false].includes(value as string);
  }

  return { message: (typeName: string): RandomJson => message(typeName, 1) };
}

const signed32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const unsigned32 = [0n, 2n ** 32n - 1n] as const;
const signed64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const unsigned64 = [0n, 2n ** 64n - 1n] as const;
const integerRanges = {
  int32: signed32,
  sint32: signed32,
  sfixed32: signed32,
  uint32: unsigned32,
  fixed32: unsigned32,
  int64: signed64,
  sint64: signed64,
  sfixed64: signed64,
  uint64: unsigned64,
  fixed64: unsigned64,
};

function formatTime(seconds: number, fraction: string): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", `${fraction}Z`);
}

function canonicalFraction(fraction: string): string {
  const digits = fraction.slice(1).replace(/0+$/, "");
  return digits === "" ? "" : `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
}
