import type { Members } from "./json-value.ts";

/** What a reader carries through nested messages. */
export interface ReadContext {
  readonly maxDepth: number;
  /** Whether the given JSON may be changed. */
  readonly reuse: boolean;
  /** Whether everything read so far has a binary form: no unknown member, no unknown enum name. */
  exact: boolean;
}

/** What a writer carries through nested messages. */
export interface WriteContext {
  readonly maxDepth: number;
}

/** Reads a value of JSON; `depth` counts the messages around it, itself included where it is one. */
export type Read = (json: unknown, context: ReadContext, depth: number) => unknown;

/** Writes a value of a message as JSON. */
export type Write = (value: unknown, context: WriteContext, depth: number) => unknown;

/** A message type with a JSON form of its own. */
export interface SpecialType {
  /** JSON to message. */
  readonly read: (json: unknown, context: ReadContext, depth: number) => Members;
  /** Message to canonical JSON. */
  readonly write: (message: Members, context: WriteContext, depth: number) => unknown;
  /** JSON to canonical JSON; absent where that is `read` and `write`. */
  readonly revise?: Read;
  /** The form that ts-proto gives the message as a field, and back; absent where it is the message. */
  readonly unwrap?: (message: Members) => unknown;
  readonly wrap?: (fieldValue: unknown) => Members;
  /** Whether `null` is a value and not the absence of one. */
  readonly nullIsValue?: boolean;
}
