import {
  maxDescriptionLength,
  maxDisplayNameLength,
  maxPolygonRatio,
  maxPolygonsPerImage,
  maxProductLabelBytes,
  maxReferenceUriLength,
  maxResourceIdLength,
  minPolygonEdge,
  productCategories,
} from "../../protocol/product-limits.ts";
import { textOf } from "../plain-json.ts";
import type { Violations } from "../vision/violations.ts";
import type { PolygonJson, ProductLabelJson } from "./product-resources.ts";
import { isNameOf, nameFormats, type ResourceKind } from "./resource-names.ts";

/** A field and where what is wrong with it goes. */
export interface FieldAt {
  readonly field: string;
  readonly violations: Violations;
}

/** The name of a resource of a kind. */
export function checkName(
  kind: ResourceKind,
  value: unknown,
  { field, violations }: FieldAt,
): string {
  const name = textOf(value);
  if (!isNameOf(kind, name)) {
    violations.add(
      field,
      `Invalid ${field} ${JSON.stringify(name)}: the format is ${nameFormats[kind]}.`,
    );
  }
  return name;
}

/** An id that the caller chose, or none. */
export function checkId(value: unknown, { field, violations }: FieldAt): string {
  const id = textOf(value);
  if (characters(id) > maxResourceIdLength || /[/\p{Cc}]/u.test(id)) {
    violations.add(
      field,
      `Invalid ${field}: an id has at most ${maxResourceIdLength} characters and no '/'.`,
    );
  }
  return id;
}

/** A display name, which is always required. */
export function checkDisplayName(value: unknown, { field, violations }: FieldAt): string {
  const name = textOf(value);
  if (name === "") violations.add(field, "The display_name is missing.");
  else checkLength(name, maxDisplayNameLength, { field, violations });
  return name;
}

/** A description, which may be empty. */
export function checkDescription(value: unknown, at: FieldAt): string {
  const description = textOf(value);
  checkLength(description, maxDescriptionLength, at);
  return description;
}

/** The category of a product. */
export function checkCategory(value: unknown, { field, violations }: FieldAt): string {
  const category = textOf(value);
  if (!(productCategories as readonly string[]).includes(category)) {
    violations.add(
      field,
      `Invalid product_category ${JSON.stringify(category)}: it is one of ${productCategories.join(", ")}.`,
    );
  }
  return category;
}

/** The labels of a product. */
export function checkLabels(
  value: unknown,
  limit: number,
  { field, violations }: FieldAt,
): readonly ProductLabelJson[] {
  const labels = (value ?? []) as readonly ProductLabelJson[];
  if (labels.length > limit) {
    violations.add(field, `At most ${limit} product_labels are supported, not ${labels.length}.`);
  }
  for (const [index, { key = "", value: text = "" }] of labels.entries()) {
    for (const [part, content] of Object.entries({ key, value: text })) {
      const bytes = Buffer.byteLength(content);
      if (bytes >= 1 && bytes <= maxProductLabelBytes) continue;
      violations.add(
        `${field}[${index}].${part}`,
        `The ${part} of a label has 1 to ${maxProductLabelBytes} bytes, not ${bytes}.`,
      );
    }
  }
  return labels;
}

/** The URI of a reference image. */
export function checkImageUri(value: unknown, { field, violations }: FieldAt): string {
  const uri = textOf(value);
  if (!/^gs:\/\/[^/]+\/./.test(uri)) {
    violations.add(
      field,
      `Invalid image URI ${JSON.stringify(uri)}: gs://bucket/object is required.`,
    );
  } else checkLength(uri, maxReferenceUriLength, { field, violations });
  return uri;
}

/** The areas of interest of a reference image. */
export function checkPolygons(
  value: unknown,
  { field, violations }: FieldAt,
): readonly PolygonJson[] {
  const polygons = (value ?? []) as readonly PolygonJson[];
  if (polygons.length > maxPolygonsPerImage) {
    violations.add(
      field,
      `At most ${maxPolygonsPerImage} bounding polygons are supported, not ${polygons.length}.`,
    );
  }
  for (const [index, polygon] of polygons.entries()) {
    const problem = problemOfPolygon(polygon);
    if (problem !== undefined) violations.add(`${field}[${index}]`, problem);
  }
  return polygons;
}

/** The size of normalized vertices is not known without the image, so that their ratio is not either. */
export function problemOfPolygon({
  vertices = [],
  normalizedVertices = [],
}: PolygonJson): string | undefined {
  const isNormal = ({ x = 0, y = 0 }): boolean => x >= 0 && x <= 1 && y >= 0 && y <= 1;
  if (!normalizedVertices.every(isNormal)) return "Normalized vertices lie within [0, 1].";
  if (vertices.length === 0) {
    return normalizedVertices.length === 0 ? "A bounding polygon has vertices." : undefined;
  }
  const lengthOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const edges = [
    lengthOf(vertices.map(({ x = 0 }) => x)),
    lengthOf(vertices.map(({ y = 0 }) => y)),
  ] as const;
  const [short, long] = [Math.min(...edges), Math.max(...edges)];
  if (short < minPolygonEdge) {
    return `The small edge of a bounding polygon has at least ${minPolygonEdge} pixels, not ${short}.`;
  }
  return long / short > maxPolygonRatio
    ? `The aspect ratio of a bounding polygon is at most 1:${maxPolygonRatio}.`
    : undefined;
}

function checkLength(text: string, limit: number, { field, violations }: FieldAt): void {
  const length = characters(text);
  if (length <= limit) return;
  violations.add(field, `The value of ${field} has ${length} characters; the limit is ${limit}.`);
}

function characters(text: string): number {
  return Array.from(text).length;
}
