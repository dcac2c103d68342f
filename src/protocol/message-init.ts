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

/**
 * The enum of features is told from other enums by its numbers: all of them are those of a feature,
 * and the one of TEXT_DETECTION is among them.
 */
type FieldInit<T> = [Exclude<T, undefined>] extends [Feature_Type]
  ? [typeof Feature_Type.TEXT_DETECTION] extends [Exclude<T, undefined>]
    ? T | NameOf<Exclude<T, undefined>>
    : T
  : MessageInit<T> | Extract<T, undefined>;

/** The names of those features whose numbers a version has: versions differ in which, never in the numbers. */
type NameOf<Numbers> = {
  [Name in FeatureName]: (typeof Feature_Type)[Name] extends Numbers ? Name : never;
}[FeatureName];
