import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";
import { isPlainJson, type PlainJson } from "../plain-json.ts";

type TimeKind = "Timestamp" | "Duration";

/** The shape of proto-loader's objects for both; `seconds` is an int64 as text. */
interface SecondsAndNanos {
  readonly seconds?: string;
  readonly nanos?: number;
}

/**
 * Turns messages between proto3 JSON form and the objects of proto-loader, which differ in four
 * things: Timestamp, Duration, an Any whose type is not known, and wrappers (`Color.alpha`).
 */
export class WireForm {
  readonly #timeFields = new Map<string, ReadonlyMap<string, TimeKind>>();
  readonly #known: ReadonlySet<string>;

  constructor(definition: PackageDefinition) {
    this.#known = new Set(Object.keys(definition));
    for (const [name, type] of Object.entries(definition)) {
      // A definition with a format is that of a message or an enum; the others are services.
      if (!("format" in type)) continue;
      const fields = timeFieldsOf(type as MessageTypeDefinition<object, object>);
      if (fields.size > 0) this.#timeFields.set(name, fields);
    }
  }

  /** A received request in proto3 JSON form. */
  requestToJson(typeName: string, request: PlainJson): PlainJson {
    return this.#mapTimes(typeName, request, (kind, value) =>
      isPlainJson(value) ? timeToJson(kind, value) : value,
    );
  }

  /** A response, or a google.rpc.Status, as proto-loader takes it. */
  fromJson(message: PlainJson): PlainJson {
    const converted: Record<string, unknown> = { ...message };
    for (const field of ["metadata", "response"]) {
      const value = message[field];
      if (isPlainJson(value) && "@type" in value) converted[field] = this.#anyFromJson(value);
    }
    for (const field of ["details", "operations", "responses"]) {
      const list = message[field];
      if (Array.isArray(list)) converted[field] = list.map((one) => this.#itemFromJson(one));
    }
    const properties = message["imagePropertiesAnnotation"];
    if (isPlainJson(properties)) {
      converted["imagePropertiesAnnotation"] = mapColors(properties);
    }
    if (isPlainJson(message["error"])) converted["error"] = this.fromJson(message["error"]);
    return converted;
  }

  #itemFromJson(item: unknown): unknown {
    if (!isPlainJson(item)) return item;
    return "@type" in item ? this.#anyFromJson(item) : this.fromJson(item);
  }

  #anyFromJson(any: PlainJson): PlainJson {
    const typeUrl = String(any["@type"]);
    const typeName = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
    if (!this.#known.has(typeName)) return { type_url: typeUrl, value: any["value"] ?? "" };
    return this.#mapTimes(typeName, any, (kind, value) =>
      typeof value === "string" ? timeFromJson(kind, value) : value,
    );
  }

  #mapTimes(
    typeName: string,
    message: PlainJson,
    map: (kind: TimeKind, value: unknown) => unknown,
  ): PlainJson {
    const times = this.#timeFields.get(typeName);
    if (times === undefined) return message;
    return Object.fromEntries(
      Object.entries(message).map(([name, value]) => {
        const kind = times.get(name);
        return [name, kind === undefined ? value : map(kind, value)];
      }),
    );
  }
}

/** Wraps the alpha of each dominant colour, the only wrapper in the messages of Vision. */
function mapColors(properties: PlainJson): PlainJson {
  const { dominantColors } = properties as {
    readonly dominantColors?: { readonly colors?: readonly { readonly color?: PlainJson }[] };
  };
  const colors = dominantColors?.colors?.map((info) => {
    const { alpha, ...rest } = info.color ?? {};
    return alpha === undefined ? info : { ...info, color: { ...rest, alpha: { value: alpha } } };
  });
  return colors === undefined ? properties : { ...properties, dominantColors: { colors } };
}

function timeFieldsOf(
  definition: MessageTypeDefinition<object, object>,
): ReadonlyMap<string, TimeKind> {
  const { field: fields = [] } = definition.type as {
    readonly field?: readonly { readonly name: string; readonly typeName?: string }[];
  };
  return new Map(
    fields.flatMap(({ name, typeName = "" }): [string, TimeKind][] => {
      const kind = /(?:^|\.)protobuf\.(Timestamp|Duration)$/.exec(typeName)?.[1];
      return kind === undefined ? [] : [[name, kind as TimeKind]];
    }),
  );
}

function timeToJson(kind: TimeKind, { seconds = "0", nanos = 0 }: SecondsAndNanos): string {
  const fraction = nanos === 0 ? "" : `.${String(Math.abs(nanos)).padStart(9, "0")}`;
  if (kind === "Duration") {
    const sign = nanos < 0 && !seconds.startsWith("-") ? "-" : "";
    return `${sign}${seconds}${fraction}s`;
  }
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction}Z`;
}

function timeFromJson(kind: TimeKind, text: string): SecondsAndNanos {
  const fraction = /\.([0-9]{1,9})/.exec(text)?.[1] ?? "";
  const nanos = Number(fraction.padEnd(9, "0"));
  if (kind === "Duration") {
    const seconds = /^-?[0-9]+/.exec(text)?.[0] ?? "0";
    return { seconds, nanos: text.startsWith("-") ? -nanos : nanos };
  }
  const wholeSeconds = Date.parse(text.replace(/\.[0-9]+/, "")) / 1000;
  return { seconds: String(wholeSeconds), nanos };
}
