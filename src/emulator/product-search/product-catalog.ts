import { maxProductSetsPerProduct } from "../../protocol/product-limits.ts";
import { ServiceError } from "../service-error.ts";
import { ProductFiles, type StoredResource } from "./product-files.ts";
import type {
  PolygonJson,
  ProductJson,
  ProductSetJson,
  ReferenceImageJson,
} from "./product-resources.ts";
import { neverIndexed } from "./product-resources.ts";
import { kindOfName } from "./resource-names.ts";
import { ResourceTable, type PageBounds } from "./resource-table.ts";
import { SortedCollection, type CollectionPage } from "./sorted-collection.ts";

/** A product with the names of the sets that it is in. */
interface Membership {
  readonly product: ProductJson;
  readonly productSets: readonly string[];
}

/** Product sets, products and reference images of every project, kept in the emulator's directory. */
export class ProductCatalog {
  readonly #files: ProductFiles;
  readonly #sets: ResourceTable<ProductSetJson>;
  readonly #products: ResourceTable<Membership>;
  readonly #images: ResourceTable<ReferenceImageJson>;
  /** The names of products, by the set's name, a slash and the product's name. */
  readonly #members = new SortedCollection<string>();

  /** `directory` is that of the emulator. */
  constructor(directory: string) {
    const files = new ProductFiles(directory);
    const keep = (name: string, resource: StoredResource | undefined): void => {
      if (resource === undefined) files.remove(name);
      else files.write(resource);
    };
    this.#files = files;
    this.#sets = new ResourceTable("ProductSet", (name, set) => {
      keep(name, set && { ...set });
    });
    this.#products = new ResourceTable("Product", (name, entry) => {
      keep(name, entry && { ...entry.product, productSets: entry.productSets });
    });
    this.#images = new ResourceTable("ReferenceImage", (name, image) => {
      keep(name, image && { ...image });
    });
  }

  /** Reads what an emulator before this one has kept. @throws VisionBatchError for a file that is no resource. */
  async load(): Promise<void> {
    for (const resource of await this.#files.readAll()) {
      const { name } = resource;
      const kind = kindOfName(name);
      if (kind === "productSet") this.#sets.load(name, resource as unknown as ProductSetJson);
      else if (kind === "referenceImage") {
        this.#images.load(name, resource as unknown as ReferenceImageJson);
      } else this.#loadProduct(resource);
    }
  }

  hasProductSet(name: string): boolean {
    return this.#sets.has(name);
  }

  hasProduct(name: string): boolean {
    return this.#products.has(name);
  }

  createProductSet(location: string, id: string, displayName: string): ProductSetJson {
    return this.#sets.create(`${location}/productSets`, id, (name) => ({
      name,
      displayName,
      indexTime: neverIndexed,
    }));
  }

  productSet(name: string): ProductSetJson {
    return this.#sets.get(name);
  }

  renameProductSet(name: string, displayName: string): ProductSetJson {
    const renamed = { ...this.#sets.get(name), displayName };
    this.#sets.replace(name, renamed);
    return renamed;
  }

  productSets(location: string, bounds: PageBounds): CollectionPage<ProductSetJson> {
    return this.#sets.page(`${location}/productSets`, bounds);
  }

  /** Its products stay, in no set of this name. */
  deleteProductSet(name: string): void {
    this.#sets.get(name);
    for (const product of this.productsIn(name)) this.#leave(product, name);
    this.#sets.delete(name);
  }

  createProduct(location: string, id: string, product: Omit<ProductJson, "name">): ProductJson {
    const build = (name: string): Membership => ({
      product: { name, ...product },
      productSets: [],
    });
    return this.#products.create(`${location}/products`, id, build).product;
  }

  product(name: string): ProductJson {
    return this.#products.get(name).product;
  }

  /** Puts a product in the place of the one of its name; the sets that it is in stay. */
  replaceProduct(product: ProductJson): void {
    const { productSets } = this.#products.get(product.name);
    this.#products.replace(product.name, { product, productSets });
  }

  products(location: string, bounds: PageBounds): CollectionPage<ProductJson> {
    const { items, last } = this.#products.page(`${location}/products`, bounds);
    return { items: items.map(({ product }) => product), last };
  }

  /** Its reference images go with it. */
  deleteProduct(name: string): void {
    const { productSets } = this.#products.get(name);
    for (const set of productSets) this.#members.delete(memberKey(set, name));
    for (const image of this.#images.names(`${name}/referenceImages`)) this.#images.forget(image);
    this.#products.delete(name);
  }

  /** Nothing changes for a product that is in the set. @throws ServiceError NOT_FOUND, FAILED_PRECONDITION. */
  addToProductSet(setName: string, name: string): void {
    this.#sets.get(setName);
    const { product, productSets } = this.#products.get(name);
    if (productSets.includes(setName)) return;
    if (productSets.length >= maxProductSetsPerProduct) {
      throw new ServiceError({
        code: "FAILED_PRECONDITION",
        message: `Product '${name}' is in ${maxProductSetsPerProduct} ProductSets, which is the limit.`,
      });
    }
    this.#products.replace(name, { product, productSets: [...productSets, setName] });
    this.#members.set(memberKey(setName, name), name);
  }

  /** False where the product was not in the set. @throws ServiceError NOT_FOUND. */
  removeFromProductSet(setName: string, name: string): boolean {
    this.#sets.get(setName);
    if (!this.#products.get(name).productSets.includes(setName)) return false;
    this.#leave(name, setName);
    return true;
  }

  /** The names of all products in a set; none where there is no such set. */
  productsIn(setName: string): readonly string[] {
    return [...this.#members.keys(`${setName}/`)].map((key) => this.#members.get(key) ?? "");
  }

  /** The names of all products of a location that are in no set. */
  orphans(location: string): readonly string[] {
    const names = this.#products.names(`${location}/products`);
    return names.filter((name) => this.#products.get(name).productSets.length === 0);
  }

  productsInSet(setName: string, { after, size }: PageBounds): CollectionPage<ProductJson> {
    const from = after === "" ? "" : memberKey(setName, after);
    const { items, last } = this.#members.page(`${setName}/`, { after: from, size });
    return { items: items.map((name) => this.product(name)), last: last && items.at(-1) };
  }

  createReferenceImage(
    productName: string,
    id: string,
    image: { readonly uri: string; readonly boundingPolys: readonly PolygonJson[] },
  ): ReferenceImageJson {
    const { uri, boundingPolys } = image;
    return this.#images.create(`${productName}/referenceImages`, id, (name) => ({
      name,
      uri,
      ...(boundingPolys.length === 0 ? {} : { boundingPolys }),
    }));
  }

  referenceImage(name: string): ReferenceImageJson {
    return this.#images.get(name);
  }

  referenceImages(productName: string, bounds: PageBounds): CollectionPage<ReferenceImageJson> {
    return this.#images.page(`${productName}/referenceImages`, bounds);
  }

  deleteReferenceImage(name: string): void {
    this.#images.delete(name);
  }

  #leave(name: string, setName: string): void {
    const { product, productSets } = this.#products.get(name);
    const left = productSets.filter((one) => one !== setName);
    this.#products.replace(name, { product, productSets: left });
    this.#members.delete(memberKey(setName, name));
  }

  #loadProduct(resource: StoredResource): void {
    const { productSets = [], ...product } = resource as unknown as ProductJson &
      Partial<Membership>;
    this.#products.load(product.name, { product, productSets });
    for (const set of productSets) this.#members.set(memberKey(set, product.name), product.name);
  }
}

function memberKey(setName: string, name: string): string {
  return `${setName}/${name}`;
}
