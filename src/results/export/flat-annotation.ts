import type { PageSize } from "../document/index.ts";
import type { ImageResponse } from "../response-types.ts";
import type { Polygon } from "./annotation-box.ts";

/** What a row of the flat formats is about. */
export type AnnotationKind =
  | "label"
  | "text"
  | "word"
  | "face"
  | "landmark"
  | "logo"
  | "object"
  | "web_entity"
  | "web_label"
  | "web_page"
  | "web_image"
  | "safe_search"
  | "color"
  | "crop_hint"
  | "product"
  | "error"
  | "none";

/** One annotation of a record, the same for all kinds. */
export interface FlatAnnotation {
  readonly kind: AnnotationKind;
  /** A mid, an entity or product, the field of a safe search, or the code of an error. */
  readonly id?: string | undefined;
  /** What was found: a text, a name, a URL, a likelihood, a color as `#rrggbb`, the message of an error. */
  readonly description?: string | undefined;
  /** A language code. */
  readonly locale?: string | undefined;
  readonly score?: number | undefined;
  readonly confidence?: number | undefined;
  readonly polygon?: Polygon | undefined;
  /** All else that the response tells of it, unknown members too, in proto3 JSON. */
  readonly details?: object | undefined;
}

/** A response as it is read here: versions differ in what they lack. */
export type FlatResponse = ImageResponse;

/** The size of a page of text, where both sides are told. */
export function sizeOfPage(
  page: { readonly width?: number; readonly height?: number } | undefined,
): PageSize | undefined {
  const { width = 0, height = 0 } = page ?? {};
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** A float of proto3 JSON, which tells what is no number by a string. */
export function floatOf(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** The details of a row; none where they hold nothing. */
export function detailsOf(details: object): { readonly details?: object } {
  for (const value of Object.values(details)) if (value !== undefined) return { details };
  return {};
}
