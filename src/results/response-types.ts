import type { ApiVersion } from "../protocol/api-version.ts";
import type * as v1 from "../protocol/v1.ts";
import type * as v1p1beta1 from "../protocol/v1p1beta1.ts";
import type * as v1p2beta1 from "../protocol/v1p2beta1.ts";
import type * as v1p3beta1 from "../protocol/v1p3beta1.ts";
import type * as v1p4beta1 from "../protocol/v1p4beta1.ts";

interface VersionResponses {
  readonly v1: v1.AnnotateImageResponse;
  readonly v1p1beta1: v1p1beta1.AnnotateImageResponse;
  readonly v1p2beta1: v1p2beta1.AnnotateImageResponse;
  readonly v1p3beta1: v1p3beta1.AnnotateImageResponse;
  readonly v1p4beta1: v1p4beta1.AnnotateImageResponse;
}

/**
 * What a version answers for one image or page, as canonical proto3 JSON: enums by name, bytes as
 * base64, times as RFC 3339; what is not set or has its default (0, false, an empty string or list) is
 * absent. Unknown fields and enum values stay as they came. A float that is no number is one of the
 * strings `NaN`, `Infinity` and `-Infinity`, which the types leave out.
 */
export type ImageResponse<V extends ApiVersion = "v1"> = JsonOf<VersionResponses[V]>;

/** The name of an enum value: one that is known, or any other that the service may send. */
export type OpenName<Name extends string> = Name | (string & {});

type JsonOf<T> = T extends Uint8Array
  ? string
  : T extends TimestampMessage
    ? string
    : T extends AnyMessage
      ? { readonly "@type": string; readonly [field: string]: unknown }
      : T extends readonly (infer Item)[]
        ? readonly JsonOf<Item>[]
        : T extends object
          ? {
              readonly [K in Exclude<keyof T, "_unknownFields">]?: FieldOf<
                K,
                Exclude<T[K], undefined>
              >;
            }
          : T;

interface TimestampMessage {
  seconds: string;
  nanos: number;
}

interface AnyMessage {
  typeUrl: string;
  value: Uint8Array;
}

/** Enums are the fields whose numbers are listed; numbers proper are not. */
type FieldOf<K, T> = [T] extends [number] ? (number extends T ? T : EnumName<K, T>) : JsonOf<T>;

/**
 * Several enums have the same numbers, so that the field's name tells which one it is. Every enum
 * in a response that is not named here is a Likelihood.
 */
type EnumName<K, T> = K extends "blockType"
  ? OpenName<keyof typeof v1.Block_BlockType>
  : K extends "type"
    ? [T] extends [v1.TextAnnotation_DetectedBreak_BreakType]
      ? OpenName<keyof typeof v1.TextAnnotation_DetectedBreak_BreakType>
      : OpenName<keyof typeof v1.FaceAnnotation_Landmark_Type>
    : OpenName<keyof typeof v1.Likelihood>;
