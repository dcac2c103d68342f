import { defineMember, isMembers, type Members } from "../../src/protocol/json/json-value.ts";

/** Draws from [0, 1). */
export type Random = () => number;

/** A copy of some JSON that is spoilt in one to three places. */
export function mutate(json: unknown, random: Random): unknown {
  let result = json;
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
    result = mutateOnce(result, random);
  }
  return copyJson(result);
}

/** A copy that shares nothing with the original, nor one of its own parts with another. */
export function copyJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(copyJson);
  if (!isMembers(json)) return json;
  const copy: Members = {};
  for (const [name, value] of Object.entries(json)) defineMember(copy, name, copyJson(value));
  return copy;
}

function mutateOnce(json: unknown, random: Random): unknown {
  if (Array.isArray(json) && json.length > 0 && random() < 0.8) {
    const at = Math.floor(random() * json.length);
    return json.map((value: unknown, index) => (index === at ? mutateOnce(value, random) : value));
  }
  if (isMembers(json) && random() < 0.85) return mutateMembers(json, random);
  return spoil(json, random);
}

function mutateMembers(json: Members, random: Random): Members {
  const names = Object.keys(json);
  const name = names[Math.floor(random() * names.length)];
  const kind = random();
  if (name === undefined || kind < 0.15) return withMember(json, pick(strangeNames, random), {});
  if (kind < 0.25) return withMember(json, otherForm(name), json[name]);
  if (kind < 0.3) return renamed(json, name, pick(strangeNames, random));
  return withMember(json, name, mutateOnce(json[name], random));
}

function spoil(value: unknown, random: Random): unknown {
  if (typeof value === "string" && random() < 0.4) return spoilText(value, random);
  if (random() < 0.1) return [value];
  if (random() < 0.05) return nested(Math.floor(random() * 120), random);
  return pick(strangeValues, random);
}

function spoilText(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const inserted = pick(["\ud83d", "0", "-", ".", "e9", "Z", "=", "_", " ", "/", "\u0000"], random);
  return text.slice(0, at) + inserted + text.slice(at + (random() < 0.5 ? 1 : 0));
}

function nested(levels: number, random: Random): unknown {
  let value: unknown = random() < 0.5 ? 1 : null;
  for (let level = 0; level < levels; level++) value = random() < 0.5 ? [value] : { a: value };
  return value;
}

/** A field in its other form of name: `aB` for `a_b` and the other way. */
function otherForm(name: string): string {
  return name.includes("_")
    ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function withMember(json: Members, name: string, value: unknown): Members {
  const copy: Members = {};
  for (const [key, member] of Object.entries(json)) defineMember(copy, key, member);
  defineMember(copy, name, value);
  return copy;
}

function renamed(json: Members, name: string, to: string): Members {
  const copy: Members = {};
  for (const [key, member] of Object.entries(json)) {
    defineMember(copy, key === name ? to : key, member);
  }
  return copy;
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

const strangeNames = ["__proto__", "constructor", "toString", "@type", "@json", "value", "", "new"];

/** What JSON.parse can yield, but for deep nesting. */
const strangeValues: readonly unknown[] = [
  ...[null, true, false, {}, [], [null], [[]], { a: {} }, "", "x", "NaN", "Infinity", "-Infinity"],
  ...[0, -0, 1, -1, 0.5, 1e-400, 1e308, Number.POSITIVE_INFINITY, 3.4028235677973366e38, 2 ** 31],
  ...[2 ** 32, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), "9223372036854775807", "9223372036854775808"],
  ...[
    "1e3",
    "1.0",
    "1e400",
    "-0",
    "01",
    " 1",
    "0x1",
    "1e-1",
    "18446744073709551615",
    "1".repeat(500),
  ],
  ...["NEW_NAME", "toString", "__proto__", "\ud83d", "aGk", "aGk=", "a-_=", "2026-02-30T00:00:00Z"],
  ...["2026-01-31T12:00:00.5+01:30", "1.5s", "-0s", "a,b.cD", "a_b", "LIKELY", "TYPE_UNSPECIFIED"],
  JSON.parse('{"__proto__":{"polluted":1}}'),
  { "@type": "type.googleapis.com/google.protobuf.Value", value: [null, { a: "\ud83d" }] },
  { "@type": "type.googleapis.com/google.protobuf.Struct", value: { a: 1e308 } },
  { "@type": "type.googleapis.com/google.protobuf.Any", value: { "@type": "x/no.Such", a: 1 } },
  { "@type": "type.googleapis.com/google.rpc.ErrorInfo", value: "aGk=", metadata: { a: null } },
  { "@type": "x/no.Such", value: "aGk=" },
  { "@type": "no slash" },
];
