import { expect } from "chai";
import { InvalidRequestError } from "../../src/errors/index.ts";
import { loadMessageType } from "../../src/protocol/message-types.ts";
import { loadServices, type MethodEntry } from "../../src/protocol/method-table.ts";
import {
  productSearchVersions,
  type ProductSearchVersion,
} from "../../src/protocol/product-methods.ts";
import { prepareProductRequest } from "../../src/requests/prepare-product-request.ts";
import { rejection } from "../fixtures/rejection.ts";

const parent = "projects/p/locations/us-west1";
const set = `${parent}/productSets/s`;
const productName = `${parent}/products/x`;
const displayName = "Shoe";
const product = { displayName, productCategory: "apparel-v2" };
const uri = "gs://images/a.png";

async function methodOf(name: string, version: ProductSearchVersion): Promise<MethodEntry> {
  const method = (await loadServices(version)).ProductSearch?.methods[name];
  if (method === undefined) throw new Error(`there is no ${name}`);
  return method;
}

async function prepare(name: string, init: unknown, version: ProductSearchVersion = "v1") {
  return prepareProductRequest(version, await methodOf(name, version), init);
}

/** The problems of a request, as `field: message`. */
async function problemsOf(...request: Parameters<typeof prepare>): Promise<readonly string[]> {
  const error = await rejection(prepare(...request));
  if (!(error instanceof InvalidRequestError)) throw error;
  return error.problems.map(({ field, message }) => `${field}: ${message}`);
}

/** A message without what JSON does not have, and without the list of its unknown fields. */
function plain(message: unknown): unknown {
  const text = JSON.stringify(message, (key, value: unknown) =>
    key === "_unknownFields" ? undefined : value,
  );
  return JSON.parse(text);
}

const polygon = (width: number, height: number) => ({
  vertices: [{}, { x: width }, { x: width, y: height }, { y: height }],
});
const imageRequest = (boundingPolys: readonly object[]) => ({
  parent: productName,
  referenceImage: { uri, boundingPolys },
});
const labelled = (productLabels: readonly object[]) => ({
  parent,
  product: { ...product, productLabels },
});

const accepted: readonly [method: string, request: object][] = [
  ["createProductSet", { parent, productSet: { displayName }, productSetId: "s".repeat(128) }],
  ["listProductSets", { parent, pageSize: 100, pageToken: "t" }],
  ["getProductSet", { name: set }],
  ["updateProductSet", { productSet: { name: set, displayName } }],
  ["deleteProductSet", { name: set }],
  ["createProduct", { parent, product: { ...product, productLabels: [{ key: "k", value: "v" }] } }],
  ["listProducts", { parent }],
  ["getProduct", { name: productName }],
  ["updateProduct", { product: { name: productName, ...product } }],
  ["deleteProduct", { name: productName }],
  ["createReferenceImage", imageRequest([polygon(300, 1200)])],
  ["listReferenceImages", { parent: productName }],
  ["getReferenceImage", { name: `${productName}/referenceImages/i` }],
  ["deleteReferenceImage", { name: `${productName}/referenceImages/i` }],
  ["addProductToProductSet", { name: set, product: productName }],
  ["removeProductFromProductSet", { name: set, product: productName }],
  ["listProductsInProductSet", { name: set }],
  ["importProductSets", { parent, inputConfig: { gcsSource: { csvFileUri: "gs://csv/a.csv" } } }],
  ["purgeProducts", { parent, productSetPurgeConfig: { productSetId: "s" }, force: true }],
];

const refused: readonly [title: string, method: string, request: object, problem: string][] = [
  [
    "no parent",
    "createProductSet",
    { productSet: { displayName } },
    "parent: is required: projects/P/locations/L",
  ],
  [
    "a parent of another form",
    "listProducts",
    { parent: "projects/p" },
    "parent: expected projects/P/locations/L",
  ],
  [
    "a name of another kind",
    "getProduct",
    { name: set },
    "name: expected projects/P/locations/L/products/PRODUCT",
  ],
  [
    "no name in an update",
    "updateProduct",
    { product },
    "product.name: is required: projects/P/locations/L/products/PRODUCT",
  ],
  ["no product", "createProduct", { parent }, "product: is required: the product to create"],
  [
    "no display name",
    "createProduct",
    { parent, product: { productCategory: "toys-v2" } },
    "product.displayName: is required: a name for people to read",
  ],
  [
    "no category",
    "createProduct",
    { parent, product: { displayName } },
    "product.productCategory: is required: a category, e.g. general-v1",
  ],
  [
    "a long display name",
    "createProductSet",
    { parent, productSet: { displayName: "é".repeat(4097) } },
    "productSet.displayName: has 4097 characters; the limit is 4096",
  ],
  [
    "a long description",
    "createProduct",
    { parent, product: { ...product, description: "x".repeat(4097) } },
    "product.description: has 4097 characters; the limit is 4096",
  ],
  [
    "an id with a slash",
    "createProduct",
    { parent, product, productId: "a/b" },
    "productId: an id has no /",
  ],
  [
    "an id that no URL can hold",
    "createProduct",
    { parent, product, productId: ".." },
    "productId: would be lost in the URL of what it names",
  ],
  [
    "a long id",
    "createProduct",
    { parent, product, productId: "x".repeat(129) },
    "productId: has 129 characters; the limit is 128",
  ],
  [
    "a page of 101",
    "listProducts",
    { parent, pageSize: 101 },
    "pageSize: expected a whole number from 0 to 100",
  ],
  [
    "501 labels",
    "createProduct",
    labelled(Array.from({ length: 501 }, () => ({ key: "k", value: "v" }))),
    "product.productLabels: has 501 items; the limit is 500",
  ],
  [
    "a label without a key",
    "createProduct",
    labelled([{ value: "v" }]),
    "product.productLabels[0].key: is required: not empty",
  ],
  [
    "a label of 129 bytes",
    "createProduct",
    labelled([{ key: "k", value: "é".repeat(65) }]),
    "product.productLabels[0].value: has 130 bytes; the limit is 128",
  ],
  [
    "an image that is not in Cloud Storage",
    "createReferenceImage",
    { parent: productName, referenceImage: { uri: "https://a/b" } },
    "referenceImage.uri: expected a Cloud Storage URI, gs://bucket/...",
  ],
  [
    "eleven polygons",
    "createReferenceImage",
    imageRequest(Array.from({ length: 11 }, () => polygon(300, 300))),
    "referenceImage.boundingPolys: has 11 items; the limit is 10",
  ],
  [
    "a small polygon",
    "createReferenceImage",
    imageRequest([polygon(299, 400)]),
    "referenceImage.boundingPolys[0].vertices: its short edge is 299 px; at least 300 are needed",
  ],
  [
    "a slim polygon",
    "createReferenceImage",
    imageRequest([polygon(300, 1201)]),
    "referenceImage.boundingPolys[0].vertices: its edges are more than 1:4",
  ],
  [
    "no CSV file",
    "importProductSets",
    { parent, inputConfig: { gcsSource: {} } },
    "inputConfig.gcsSource.csvFileUri: is required: gs://bucket/object",
  ],
  [
    "nothing to purge",
    "purgeProducts",
    { parent, deleteOrphanProducts: false },
    "request: names nothing to purge: give productSetPurgeConfig or deleteOrphanProducts: true",
  ],
  [
    "two things to purge",
    "purgeProducts",
    { parent, productSetPurgeConfig: { productSetId: "s" }, deleteOrphanProducts: true },
    "deleteOrphanProducts: productSetPurgeConfig is set too: give one of them",
  ],
  [
    "a misspelt field",
    "createProduct",
    { parent, product, productID: "x" },
    "productID: is not a field here; did you mean productId?",
  ],
  [
    "a value of another type",
    "purgeProducts",
    { parent, deleteOrphanProducts: true, force: "yes" },
    "force: expected true or false, got a string",
  ],
  [
    "a product of another form",
    "addProductToProductSet",
    { name: set, product: "x" },
    "product: expected projects/P/locations/L/products/PRODUCT",
  ],
  [
    "an update of nothing",
    "updateProduct",
    { product: { name: productName, productCategory: "toys" } },
    "product: gives nothing to change: displayName, description, productLabels can be",
  ],
  [
    "an empty display name in an update",
    "updateProduct",
    { product: { name: productName, displayName: "" } },
    "product.displayName: is required, and cannot be emptied",
  ],
  [
    "a mask in camelCase",
    "updateProduct",
    { product: { name: productName }, updateMask: ["productLabels"] },
    "updateMask[0]: is not a field of the resource; did you mean product_labels?",
  ],
];

describe("prepareProductRequest", () => {
  for (const version of productSearchVersions) {
    it(`takes a request of every method of ${version}, and makes a message that can be encoded`, async () => {
      const methods = (await loadServices(version)).ProductSearch?.methods ?? {};
      const known = accepted.filter(([name]) => name in methods);
      expect(known.map(([name]) => name)).to.have.members(Object.keys(methods));
      for (const [name, init] of known) {
        const message = await prepare(name, init, version);
        const type = await loadMessageType(methods[name]?.requestType ?? "");
        const decoded = type?.decode(type.encode(message as never).finish());
        expect(plain(decoded)).to.deep.equal(plain(message));
      }
    });
  }

  for (const [title, method, request, problem] of refused) {
    it(`refuses ${title}`, async () => {
      expect(await problemsOf(method, request)).to.deep.equal([problem]);
    });
  }

  it("refuses more labels in v1p3beta1, as its proto does", async () => {
    const request = labelled(Array.from({ length: 101 }, () => ({ key: "k", value: "v" })));
    expect(await problemsOf("createProduct", request, "v1p3beta1")).to.deep.equal([
      "product.productLabels: has 101 items; the limit is 100",
    ]);
    await prepare("createProduct", request, "v1p4beta1");
  });

  it("refuses what is no request", async () => {
    expect(await problemsOf("getProduct", undefined)).to.deep.equal([
      "request: expected a request, got nothing",
    ]);
    expect(await problemsOf("updateProduct", null)).to.deep.equal([
      "request: expected an object, got null (leave the field out instead)",
    ]);
  });

  it("updates the fields that are given, where no mask is", async () => {
    const changed = { name: productName, description: "", productLabels: [] };
    expect(await prepare("updateProduct", { product: changed })).to.deep.include({
      updateMask: ["description", "product_labels"],
    });
    const productSet = { name: set, displayName, indexTime: { seconds: "5", nanos: 0 } };
    expect(await prepare("updateProductSet", { productSet })).to.deep.include({
      updateMask: ["display_name"],
    });
  });

  it("leaves the mask of a request as it is, an empty one too", async () => {
    for (const updateMask of [["description"], []]) {
      const request = { product: { name: productName, displayName }, updateMask };
      expect(await prepare("updateProduct", request)).to.deep.include({ updateMask });
    }
  });
});
