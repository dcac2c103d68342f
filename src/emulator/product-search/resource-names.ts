/** What a resource name of Product Search may name. */
export type ResourceKind = "location" | "productSet" | "product" | "referenceImage";

/** How the names of each kind are written, as the protos put it. */
export const nameFormats: Readonly<Record<ResourceKind, string>> = {
  location: "projects/PROJECT_ID/locations/LOC_ID",
  productSet: "projects/PROJECT_ID/locations/LOC_ID/productSets/PRODUCT_SET_ID",
  product: "projects/PROJECT_ID/locations/LOC_ID/products/PRODUCT_ID",
  referenceImage:
    "projects/PROJECT_ID/locations/LOC_ID/products/PRODUCT_ID/referenceImages/IMAGE_ID",
};

const patterns = Object.fromEntries(
  Object.entries(nameFormats).map(([kind, format]) => [
    kind,
    new RegExp(`^${format.replace(/[A-Z]+(?:_[A-Z]+)*/g, "[^/\\p{Cc}]+")}$`, "u"),
  ]),
) as Readonly<Record<ResourceKind, RegExp>>;

/** Whether a name is that of a resource of a kind. */
export function isNameOf(kind: ResourceKind, name: string): boolean {
  return patterns[kind].test(name);
}

/** The kind of resource that a name is of; undefined where it is of none. */
export function kindOfName(name: string): ResourceKind | undefined {
  return (Object.keys(patterns) as ResourceKind[]).find((kind) => isNameOf(kind, name));
}

/** The last part of a name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The name of the location that a resource is in. */
export function locationOf(name: string): string {
  return name.split("/", 4).join("/");
}

/** The name of a product set of a location. */
export function productSetName(location: string, id: string): string {
  return `${location}/productSets/${id}`;
}

/** The name of a product of a location. */
export function productName(location: string, id: string): string {
  return `${location}/products/${id}`;
}
