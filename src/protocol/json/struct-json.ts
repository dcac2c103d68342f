import { CodecFailure, passedBy, unexpected } from "./codec-failure.ts";
import { isMembers, type Members } from "./json-value.ts";
import { checkWellFormed } from "./scalars.ts";
import { enter, type Depth } from "./special-type.ts";

/** Passes JSON through as it is. Texts must have UTF-8; depth counts arrays and objects; a number must be finite. */
export function checkJson(json: unknown, context: Depth): unknown {
  if (typeof json === "number" && !Number.isFinite(json)) throw unexpected(json, "a finite number");
  if (typeof json === "string") checkWellFormed(json);
  if (json === undefined) throw unexpected(json, "JSON");
  if (typeof json !== "object" || json === null) return json;
  enter(context);
  for (const [key, value] of Object.entries(json)) {
    try {
      checkWellFormed(key);
      checkJson(value, context);
    } catch (error) {
      throw passedBy(error, Array.isArray(json) ? Number(key) : key);
    }
  }
  context.depth--;
  return json;
}

/** A google.protobuf.Value with one member set, for the JSON value that it stands for. */
export function readValueMessage(json: unknown): Members {
  switch (typeof json) {
    case "number":
      return { numberValue: json };
    case "string":
      return { stringValue: json };
    case "boolean":
      return { boolValue: json };
    default:
      if (Array.isArray(json)) return { listValue: json };
      return isMembers(json) ? { structValue: json } : { nullValue: 0 };
  }
}

const kinds = ["numberValue", "stringValue", "boolValue", "structValue", "listValue"];

/** The JSON value that a google.protobuf.Value stands for. */
export function writeValueMessage(message: Members): unknown {
  const kind = kinds.find((name) => message[name] !== undefined);
  if (kind !== undefined) return message[kind];
  if (message["nullValue"] === undefined) throw new CodecFailure("the Value has no kind");
  return null;
}
