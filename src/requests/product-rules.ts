import type { MethodEntry } from "../protocol/method-table.ts";
import {
  maxDescriptionLength,
  maxDisplayNameLength,
  maxPolygonRatio,
  maxPolygonsPerImage,
  maxProductLabelBytes,
  maxProductLabels,
  maxReferenceUriLength,
  maxResourceIdLength,
  minPolygonEdge,
  productPageSize,
} from "../protocol/product-limits.ts";
import type { ProductSearchVersion } from "../protocol/product-methods.ts";
import type { Constraint, Constraints } from "./derived-rules.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { Checked } from "./rules.ts";
import { checkObjectUri } from "./uri-rules.ts";

/**
 * What the service asks of a request of ProductSearch beside the types of its fields: names of the
 * forms that the method is bound to by its URL, and the limits that the comments of the protos give.
 */
export function productConstraints(
  version: ProductSearchVersion,
  method: MethodEntry,
): Constraints {
  const limits = limitsOf(version);
  const wanted = { ...requiredFields[method.name], ...nameForms(method) };
  return (path) => {
    const limit = limits[path];
    const own = wanted[path];
    return limit === undefined ? own : { ...limit, ...own };
  };
}

type ByPath = Readonly<Record<string, Constraint>>;

/** The fields that must be there, beside names in URLs, by method. */
const requiredFields: Readonly<Record<string, ByPath>> = {
  CreateProductSet: {
    productSet: { required: "the product set to create" },
    "productSet.displayName": { required: "a name for people to read" },
  },
  CreateProduct: {
    product: { required: "the product to create" },
    "product.displayName": { required: "a name for people to read" },
    "product.productCategory": { required: "a category, e.g. general-v1" },
  },
  UpdateProductSet: { productSet: { required: "the product set to change, with its name" } },
  UpdateProduct: { product: { required: "the product to change, with its name" } },
  CreateReferenceImage: {
    referenceImage: { required: "the reference image to create" },
    "referenceImage.uri": { required: "gs://bucket/object" },
  },
  AddProductToProductSet: { product: nameOf("projects/*/locations/*/products/*") },
  RemoveProductFromProductSet: { product: nameOf("projects/*/locations/*/products/*") },
  ImportProductSets: {
    inputConfig: { required: "{ gcsSource: { csvFileUri: gs://bucket/object } }" },
    "inputConfig.gcsSource": { required: "{ csvFileUri: gs://bucket/object }" },
    "inputConfig.gcsSource.csvFileUri": { required: "gs://bucket/object" },
  },
  PurgeProducts: { "": { message: checkTarget } },
};

function limitsOf(version: ProductSearchVersion): ByPath {
  const maxLabels = maxProductLabels(version);
  const label = { text: atMost(maxProductLabelBytes, "bytes"), required: "not empty" };
  const id = { text: checkId };
  const displayName = { text: atMost(maxDisplayNameLength, "characters") };
  return {
    productSetId: id,
    productId: id,
    referenceImageId: id,
    "productSetPurgeConfig.productSetId": { ...id, required: "the id of a product set" },
    pageSize: { range: { min: 0, max: productPageSize.max } },
    "productSet.displayName": displayName,
    "product.displayName": displayName,
    "product.description": { text: atMost(maxDescriptionLength, "characters") },
    "product.productLabels": { list: (items, log) => checkCount(items, maxLabels, log) },
    "product.productLabels.key": label,
    "product.productLabels.value": label,
    "referenceImage.uri": { text: checkImageUri },
    "referenceImage.boundingPolys": {
      list: (items, log) => checkCount(items, maxPolygonsPerImage, log),
      message: checkPolygon,
    },
    "inputConfig.gcsSource.csvFileUri": { text: checkObjectUri },
  };
}

/** The variables of the method's URL are its names, and each is required. */
function nameForms({ http }: MethodEntry): ByPath {
  const variables = [...(http[0]?.path ?? "").matchAll(/\{([\w.]+)=([^}]+)\}/g)];
  return Object.fromEntries(
    variables.map(([, field = "", form = ""]) => [camelCase(field), nameOf(form)]),
  );
}

function nameOf(form: string): Constraint {
  const shown = form
    .split("/")
    .map((part, index, parts) => (part === "*" ? idName(parts[index - 1]) : part))
    .join("/");
  const pattern = new RegExp(`^${form.replaceAll("*", "[^/]+")}$`);
  return {
    required: shown,
    text: (value, log) => {
      if (!pattern.test(value)) log.add(value, `expected ${shown}`);
    },
  };
}

/** `projects` gives `P`, `productSets` gives `SET`. */
function idName(collection = ""): string {
  const names: Readonly<Record<string, string>> = {
    projects: "P",
    locations: "L",
    productSets: "SET",
    products: "PRODUCT",
    referenceImages: "IMAGE",
  };
  return names[collection] ?? "ID";
}

function atMost(limit: number, unit: "bytes" | "characters") {
  return (value: string, log: ProblemLog): void => {
    const length = unit === "bytes" ? Buffer.byteLength(value) : Array.from(value).length;
    if (length > limit) log.add(value, `has ${length} ${unit}; the limit is ${limit}`);
  };
}

function checkCount(items: readonly unknown[], limit: number, log: ProblemLog): void {
  if (items.length > limit) log.add(items, `has ${items.length} items; the limit is ${limit}`);
}

function checkId(id: string, log: ProblemLog): void {
  if (id.includes("/")) log.add(id, "an id has no /");
  if (id === "." || id === "..") log.add(id, "would be lost in the URL of what it names");
  atMost(maxResourceIdLength, "characters")(id, log);
}

function checkImageUri(uri: string, log: ProblemLog): void {
  checkObjectUri(uri, log);
  atMost(maxReferenceUriLength, "characters")(uri, log);
}

function checkTarget(
  { productSetPurgeConfig, deleteOrphanProducts }: Checked,
  log: ProblemLog,
): void {
  if (productSetPurgeConfig !== undefined || deleteOrphanProducts === true) return;
  log.add(
    undefined,
    "names nothing to purge: give productSetPurgeConfig or deleteOrphanProducts: true",
  );
}

/** Corners in parts of the image say nothing of pixels, so that only others are measured. */
function checkPolygon({ vertices }: Checked, log: ProblemLog): void {
  const all = (vertices ?? []) as readonly (Readonly<Record<"x" | "y", number>> | undefined)[];
  const corners = all.filter((corner) => corner !== undefined);
  if (corners.length === 0) return;
  const spanOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const width = spanOf(corners.map(({ x }) => x));
  const height = spanOf(corners.map(({ y }) => y));
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < minPolygonEdge) {
    log.addAt(
      "vertices",
      vertices,
      `its short edge is ${short} px; at least ${minPolygonEdge} are needed`,
    );
  } else if (long / short > maxPolygonRatio) {
    log.addAt("vertices", vertices, `its edges are more than 1:${maxPolygonRatio}`);
  }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
