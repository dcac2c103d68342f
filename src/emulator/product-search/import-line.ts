import { maxImportLineLength, maxProductLabels } from "../../protocol/product-limits.ts";
import type { ProductSearchVersion } from "../../protocol/product-methods.ts";
import type { Violations } from "../vision/violations.ts";
import {
  checkCategory,
  checkDisplayName,
  checkId,
  checkImageUri,
  checkLabels,
  checkPolygons,
} from "./check-product-fields.ts";
import { checked } from "./handler-parts.ts";
import type { PolygonJson, ProductLabelJson } from "./product-resources.ts";

/** What a line of a CSV file asks for. */
export interface ImportLine {
  readonly image: { readonly uri: string; readonly boundingPolys: readonly PolygonJson[] };
  readonly imageId: string;
  readonly productSetId: string;
  readonly productId: string;
  readonly product: {
    readonly productCategory: string;
    readonly displayName: string;
    readonly productLabels?: readonly ProductLabelJson[];
  };
}

const columns = 8;

/** Source: product-display-name in ImportProductSetsGcsSource.csv_file_uri. */
export const emptyDisplayName = " ";

/** The lines of a CSV file; what follows the last line break is a line where it is not empty. */
export function linesOf(csv: string): readonly string[] {
  const lines = csv.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/**
 * Reads a line. Source of its form: ImportProductSetsGcsSource.csv_file_uri in product_search_service.proto.
 * @throws ServiceError INVALID_ARGUMENT that names every column at fault.
 */
export function readImportLine(line: string, version: ProductSearchVersion): ImportLine {
  const cells = checked((violations) => cellsOf(line, violations));
  const [uri, imageId, setId, productId, category, displayName = "", labels = "", polygon = ""] =
    cells;
  return checked((violations) => {
    const at = (field: string) => ({ field, violations });
    const productLabels = checkLabels(
      labelsOf(labels, violations),
      maxProductLabels(version),
      at("labels"),
    );
    return {
      image: {
        uri: checkImageUri(uri, at("image-uri")),
        boundingPolys: checkPolygons(polygonOf(polygon, violations), at("bounding-poly")),
      },
      imageId: checkId(imageId, at("image-id")),
      productSetId: requiredId(setId, "product-set-id", violations),
      productId: requiredId(productId, "product-id", violations),
      product: {
        productCategory: checkCategory(category, at("product-category")),
        displayName: checkDisplayName(displayName || emptyDisplayName, at("product-display-name")),
        ...(productLabels.length === 0 ? {} : { productLabels }),
      },
    };
  });
}

function cellsOf(line: string, violations: Violations): readonly string[] {
  if (line.length > maxImportLineLength) {
    violations.add("line", `A line has at most ${maxImportLineLength} characters.`);
    return [];
  }
  const cells: string[] = [];
  const cell = /(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;
  for (;;) {
    const match = cell.exec(line);
    if (match === null) {
      violations.add(
        "line",
        "The line is no CSV: a quote stands inside of a column or is not closed.",
      );
      return [];
    }
    const [, quoted, plain = "", end] = match;
    cells.push(quoted?.replaceAll('""', '"') ?? plain.trim());
    if (end === "") break;
  }
  if (cells.length !== columns) {
    violations.add("line", `The line has ${cells.length} columns instead of ${columns}.`);
  }
  return cells;
}

function requiredId(id: string | undefined, field: string, violations: Violations): string {
  if (id === undefined || id === "") violations.add(field, `The ${field} is missing.`);
  return checkId(id, { field, violations });
}

/** `key_1=value_1,key_2=value_2`. */
function labelsOf(text: string, violations: Violations): readonly ProductLabelJson[] {
  if (text === "") return [];
  return text.split(",").flatMap((pair) => {
    const [, key, value] = /^([^=]*)=(.*)$/s.exec(pair.trim()) ?? [];
    if (key !== undefined && value !== undefined) return [{ key, value }];
    violations.add("labels", `The label ${JSON.stringify(pair)} is not of the form key=value.`);
    return [];
  });
}

/** `x,y,x,y,...`: whole numbers are pixels, others parts of the image. */
function polygonOf(text: string, violations: Violations): readonly PolygonJson[] {
  if (text === "") return [];
  const parts = text.split(",").map((part) => part.trim());
  const areNumbers = parts.every((part) => /^\d+(?:\.\d*)?$|^\.\d+$/.test(part));
  if (!areNumbers || parts.length % 2 !== 0) {
    violations.add("bounding-poly", "A bounding-poly is an even number of numbers, none negative.");
    return [];
  }
  const numbers = parts.map(Number);
  const points = Array.from({ length: numbers.length / 2 }, (_, index) => {
    const [x = 0, y = 0] = numbers.slice(index * 2);
    return { x, y };
  });
  const arePixels = parts.every((part) => /^\d+$/.test(part));
  return [arePixels ? { vertices: points } : { normalizedVertices: points }];
}
