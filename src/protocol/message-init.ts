import type { Feature_Type } from "../../generated/google/cloud/vision/v1/image_annotator.ts";

/** The name of a feature, e.g. `TEXT_DETECTION`. */
export type FeatureName = Exclude<keyof typeof Feature_Type, "TYPE_UNSPECIFIED">;

/**
 * What may be passed where a message is sent: every field optional, enums of features as names or
 * numbers, lists read-only.
 */
export type MessageInit<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly MessageInit<Item>[]
    : T extends object
      ? { readonly [K in Exclude<keyof T, "_unknownFields">]?: FieldInit<T[K]> }
      : T;

/** Only the feature type has this set of numbers, so that it is told apart from other enums. */
type FieldInit<T> = [Exclude<T, undefined>] extends [Feature_Type]
  ? [Feature_Type] extends [Exclude<T, undefined>]
    ? T | FeatureName
    : T
  : MessageInit<T> | Extract<T, undefined>;
