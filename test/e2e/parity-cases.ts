import type { ApiVersion } from "../../src/protocol/api-version.ts";

/** A request or a response in proto3 JSON form. */
export type Json = Readonly<Record<string, unknown>>;

/** Where a case runs: a place of its own, so that no other call is in its way. */
export interface ParityScope {
  readonly version: ApiVersion;
  readonly project: string;
  /** `projects/<project>/locations/us-west1`. */
  readonly location: string;
  /** Calls another method of the version over the same transport. */
  call(method: string, request: Json): Promise<Json>;
  /** Waits until an operation is done. */
  done(name: string): Promise<void>;
  /** Keeps the operations that start from now on from being worked at. */
  hold(): void;
}

/** How one method is called for comparison. */
export interface ParityCase {
  /** Whether the call is free to repeat. */
  readonly kind: "submit" | "read";
  /** A request that is answered; it makes what it needs. */
  readonly request: (scope: ParityScope) => Json | Promise<Json>;
  /** A request that the service refuses. */
  readonly refused: (scope: ParityScope) => Json;
}

const imageFeatures = [{ type: "LABEL_DETECTION", maxResults: 3 }];
const image = { source: { imageUri: "gs://inputs/a.png" } };
const pdf = { gcsSource: { uri: "gs://inputs/a.pdf" }, mimeType: "application/pdf" };
const pageFeatures = [{ type: "DOCUMENT_TEXT_DETECTION" }];
const outputConfig = { gcsDestination: { uri: "gs://out/parity/" }, batchSize: 2 };
const productCategory = "apparel-v2";

const annotate: Readonly<Record<string, ParityCase>> = {
  batchAnnotateImages: {
    kind: "submit",
    request: () => ({ requests: [{ image, features: imageFeatures }] }),
    refused: () => ({ requests: [{ image, features: [] }, { features: imageFeatures }] }),
  },
  batchAnnotateFiles: {
    kind: "submit",
    request: () => ({ requests: [{ inputConfig: pdf, features: pageFeatures, pages: [2, -1] }] }),
    refused: () => ({ requests: [{ inputConfig: pdf, features: pageFeatures, pages: [0] }] }),
  },
  asyncBatchAnnotateImages: {
    kind: "submit",
    request: () => ({ requests: [{ image, features: imageFeatures }], outputConfig }),
    refused: () => ({
      requests: [{ image, features: imageFeatures }],
      outputConfig: { ...outputConfig, batchSize: 500 },
    }),
  },
  asyncBatchAnnotateFiles: {
    kind: "submit",
    request: () => ({ requests: [{ inputConfig: pdf, features: pageFeatures, outputConfig }] }),
    refused: () => ({ requests: [] }),
  },
};

const products: Readonly<Record<string, ParityCase>> = {
  ...crud("ProductSet", {
    parentOf: ({ location }) => location,
    create: (id) => ({ productSetId: id, productSet: { displayName: "Set" } }),
    faulty: { productSet: {} },
    update: (name) => ({ productSet: { name, displayName: "Other" }, updateMask: "displayName" }),
    collection: "productSets",
  }),
  ...crud("Product", {
    parentOf: ({ location }) => location,
    create: (id) => ({ productId: id, product: { displayName: "Shoe", productCategory } }),
    faulty: { product: { displayName: "Shoe", productCategory: "none" } },
    update: (name) => ({
      product: { name, productLabels: [{ key: "color", value: "red" }] },
      updateMask: "productLabels,description",
    }),
    collection: "products",
  }),
  ...crud("ReferenceImage", {
    parentOf: async (scope) => {
      const product = { displayName: "Shoe", productCategory };
      await scope.call("createProduct", { parent: scope.location, productId: "of", product });
      return `${scope.location}/products/of`;
    },
    create: (id) => ({
      referenceImageId: id,
      referenceImage: {
        uri: "gs://inputs/a.png",
        boundingPolys: [
          {
            vertices: [
              { x: 1, y: 2 },
              { x: 401, y: 302 },
            ],
          },
        ],
      },
    }),
    faulty: { referenceImage: { uri: "https://example.test/a.png" } },
    collection: "referenceImages",
    under: "/products/of",
  }),
  addProductToProductSet: {
    kind: "read",
    request: async (scope) => {
      const { set, product } = await makeSet(scope);
      return { name: set, product };
    },
    refused: ({ location }) => ({ name: `${location}/productSets/none`, product: "shoe" }),
  },
  removeProductFromProductSet: {
    kind: "read",
    request: async (scope) => {
      const { set, product } = await makeSet(scope);
      await scope.call("addProductToProductSet", { name: set, product });
      return { name: set, product };
    },
    refused: ({ location }) => ({ name: `${location}/productSets/none`, product: "shoe" }),
  },
  listProductsInProductSet: {
    kind: "read",
    request: async (scope) => {
      const { set, product } = await makeSet(scope);
      await scope.call("addProductToProductSet", { name: set, product });
      return { name: set, pageSize: 5 };
    },
    refused: ({ location }) => ({ name: `${location}/productSets/none`, pageSize: -1 }),
  },
  importProductSets: {
    kind: "submit",
    request: ({ location }) => ({
      parent: location,
      inputConfig: { gcsSource: { csvFileUri: "gs://csv/all.csv" } },
    }),
    refused: ({ location }) => ({ parent: location, inputConfig: {} }),
  },
  purgeProducts: {
    kind: "submit",
    request: ({ location }) => ({ parent: location, deleteOrphanProducts: true, force: true }),
    refused: ({ location }) => ({ parent: location, deleteOrphanProducts: true }),
  },
};

const operations: Readonly<Record<string, ParityCase>> = {
  getOperation: { kind: "read", request: finished, refused: unknownOperation },
  waitOperation: { kind: "read", request: finished, refused: unknownOperation },
  deleteOperation: { kind: "read", request: finished, refused: unknownOperation },
  cancelOperation: {
    kind: "read",
    request: async (scope) => {
      scope.hold();
      return { name: await start(scope) };
    },
    refused: unknownOperation,
  },
  listOperations: {
    kind: "read",
    request: async (scope) => {
      await finished(scope);
      return { name: `projects/${scope.project}`, pageSize: 1, filter: "done=true" };
    },
    refused: ({ project }) => ({ name: `projects/${project}`, filter: "nonsense" }),
  },
};

/** A case for every method that there is, by its name in the method table. */
export const parityCases: Readonly<Record<string, ParityCase>> = {
  ...annotate,
  ...products,
  ...operations,
};

/** The cases of a resource that is created, got, listed, changed and deleted. */
function crud(
  resource: string,
  parts: {
    readonly parentOf: (scope: ParityScope) => string | Promise<string>;
    readonly create: (id: string) => Json;
    /** What the service creates nothing of. */
    readonly faulty: Json;
    readonly update?: (name: string) => Json;
    readonly collection: string;
    /** Where the collection is below the location, beginning with a slash. */
    readonly under?: string;
  },
): Readonly<Record<string, ParityCase>> {
  const { parentOf, create, faulty, update, collection, under = "" } = parts;
  const place = ({ location }: ParityScope): string => `${location}${under}`;
  const nowhere = (scope: ParityScope): string => `${place(scope)}/${collection}/none`;
  const make = async (scope: ParityScope): Promise<{ parent: string; name: string }> => {
    const parent = await parentOf(scope);
    const { name } = await scope.call(`create${resource}`, { parent, ...create("one") });
    return { parent, name: String(name) };
  };
  const byName = async (scope: ParityScope): Promise<Json> => ({ name: (await make(scope)).name });
  return {
    [`create${resource}`]: {
      kind: "submit",
      request: async (scope) => ({ parent: await parentOf(scope), ...create("one") }),
      refused: (scope) => ({ parent: place(scope), ...faulty }),
    },
    [`list${resource}s`]: {
      kind: "read",
      request: async (scope) => ({ parent: (await make(scope)).parent, pageSize: 10 }),
      refused: (scope) => ({ parent: place(scope), pageSize: -1 }),
    },
    [`get${resource}`]: { kind: "read", request: byName, refused: (at) => ({ name: nowhere(at) }) },
    [`delete${resource}`]: {
      kind: "read",
      request: byName,
      refused: (at) => ({ name: nowhere(at) }),
    },
    ...(update === undefined
      ? {}
      : {
          [`update${resource}`]: {
            kind: "read",
            request: async (scope: ParityScope) => update((await make(scope)).name),
            refused: (at: ParityScope) => update(nowhere(at)),
          },
        }),
  };
}

async function makeSet(scope: ParityScope): Promise<{ set: string; product: string }> {
  const parent = scope.location;
  const set = await scope.call("createProductSet", {
    parent,
    productSet: { displayName: "Set" },
    productSetId: "set",
  });
  const product = await scope.call("createProduct", {
    parent,
    product: { displayName: "Shoe", productCategory },
    productId: "shoe",
  });
  return { set: String(set["name"]), product: String(product["name"]) };
}

/** Starts an operation of v1 under the project of the scope, and answers its name. */
async function start(scope: ParityScope): Promise<string> {
  const { name } = await scope.call("asyncBatchAnnotateImages", {
    parent: `projects/${scope.project}`,
    requests: [{ image, features: imageFeatures }],
    outputConfig,
  });
  return String(name);
}

async function finished(scope: ParityScope): Promise<Json> {
  const name = await start(scope);
  await scope.done(name);
  return { name };
}

function unknownOperation({ project }: ParityScope): Json {
  return { name: `projects/${project}/operations/none` };
}
