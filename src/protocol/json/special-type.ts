import { CodecFailure } from "./codec-failure.ts";
import type { Members } from "./json-value.ts";
import type { ValueType } from "./type-registry.ts";

/** How deep a reader or writer is in nested messages. */
export interface Depth {
  readonly maxDepth: number;
  /** The number of messages around a value. */
  depth: number;
}

/** What a reader carries through nested messages. */
export interface ReadContext extends Depth {
  /** Whether the given JSON may be changed. */
  readonly reuse: boolean;
  /** Whether objects inherit enumerable members, as no sound program lets them. */
  readonly inherits: boolean;
  /** Whether everything read so far has a binary form: no unknown member, no unknown enum name. */
  exact: boolean;
}

/** Reads a value of JSON. */
export type Read = (json: unknown, context: ReadContext) => unknown;

/** Writes a value of a message as JSON. */
export type Write = (value: unknown, context: Depth) => unknown;

/** A message type with a JSON form of its own. */
export interface SpecialType {
  /** JSON to message. */
  readonly read: (json: unknown, context: ReadContext) => Members;
  /** Message to canonical JSON. */
  readonly write: (message: Members, context: Depth) => unknown;
  /** JSON to canonical JSON; absent where that is `read` and `write`. */
  readonly revise?: Read;
  /** The form that ts-proto gives the message as a field, and back; absent where it is the message. */
  readonly unwrap?: (message: Members) => unknown;
  readonly wrap?: (fieldValue: unknown) => Members;
  /** Whether `null` is a value and not the absence of one. */
  readonly nullIsValue?: boolean;
}

/** Enters a message; the caller leaves it by `depth--`, unless it fails. */
export function enter(context: Depth): void {
  if (++context.depth > context.maxDepth) {
    throw new CodecFailure(`it is nested deeper than ${context.maxDepth}`);
  }
}

/** Whether `null` is a value of a type. */
export function takesNull(
  type: ValueType,
  specialTypes: ReadonlyMap<string, SpecialType>,
): boolean {
  return type.kind === "message" && specialTypes.get(type.name)?.nullIsValue === true;
}
