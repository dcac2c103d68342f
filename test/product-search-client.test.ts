import { expect } from "chai";
import {
  ProductSearchClient,
  type ProductSearchClientOptions,
  type TransportName,
} from "../src/index.ts";
import { loadServices } from "../src/protocol/method-table.ts";
import { apiVersions } from "../src/protocol/api-version.ts";
import {
  productSearchVersions,
  type ProductSearchVersion,
} from "../src/protocol/product-methods.ts";
import { collect } from "./fixtures/collect.ts";
import { TestEmulator } from "./fixtures/emulator.ts";
import { rejection } from "./fixtures/rejection.ts";

const parent = "projects/p/locations/us-west1";
const productCategory = "apparel-v2";

describe("productSearchVersions", () => {
  it("are the versions whose method table has ProductSearch", async () => {
    const services = await Promise.all(apiVersions.map(loadServices));
    const having = apiVersions.filter((_, index) => services[index]?.ProductSearch !== undefined);
    expect(productSearchVersions).to.deep.equal(having);
  });
});

for (const transport of ["grpc", "rest"] as const) {
  for (const version of productSearchVersions) {
    describe(`ProductSearchClient ${version} over ${transport}`, () => {
      testClient(version, transport);
    });
  }
}

function testClient(version: ProductSearchVersion, transport: TransportName): void {
  let running: TestEmulator;
  let client: ProductSearchClient<typeof version>;

  beforeEach(async () => {
    running = await TestEmulator.start();
    client = new ProductSearchClient(optionsFor(running, { version, transport }));
  });

  afterEach(async () => {
    await client.close();
    await running.close();
  });

  it("creates, gets, changes and deletes a product set", async () => {
    const created = await client.createProductSet({
      parent,
      productSetId: "shoes",
      productSet: { displayName: "Shoes" },
    });
    const name = `${parent}/productSets/shoes`;
    expect(created).to.include({ name, displayName: "Shoes" });
    expect(created.indexTime).to.include({ seconds: "0", nanos: 0 });
    const productSet = { name, displayName: "Boots" };
    expect(await client.updateProductSet({ productSet })).to.include(productSet);
    expect(await client.getProductSet({ name })).to.include(productSet);
    await client.deleteProductSet({ name });
    expect(await rejection(client.getProductSet({ name }))).to.include({ code: "NOT_FOUND" });
  });

  it("creates, gets, changes and deletes a product", async () => {
    const productLabels = [{ key: "color", value: "red" }];
    const product = { displayName: "Shoe", description: "left", productCategory, productLabels };
    const { name } = await client.createProduct({
      parent,
      productId: "s-1",
      product,
    });
    expect(name).to.equal(`${parent}/products/s-1`);
    expect(await client.updateProduct({ product: { name, description: "right" } })).to.deep.include(
      {
        displayName: "Shoe",
        description: "right",
      },
    );
    const emptied = await client.updateProduct({
      product: { name },
      updateMask: ["product_labels"],
    });
    expect(emptied.productLabels).to.deep.equal([]);
    const got = await client.getProduct({ name });
    expect(got).to.include({ name, displayName: "Shoe", description: "right", productCategory });
    await client.deleteProduct({ name });
    expect(await rejection(client.deleteProduct({ name }))).to.include({ code: "NOT_FOUND" });
  });

  it("creates, gets, lists and deletes a reference image", async () => {
    const product = await client.createProduct({
      parent,
      product: { displayName: "x", productCategory },
    });
    await running.put("gs://images/a.png", "x");
    const uri = "gs://images/a.png";
    const vertices = [
      { x: 0, y: 0 },
      { x: 400, y: 300 },
    ];
    const referenceImage = { uri, boundingPolys: [{ vertices }] };
    const created = await client.createReferenceImage({ parent: product.name, referenceImage });
    expect(created.name).to.match(/\/referenceImages\/[^/]+$/);
    expect(created.boundingPolys[0]?.vertices[1]).to.include({ x: 400, y: 300 });
    await client.createReferenceImage({
      parent: product.name,
      referenceImageId: "b",
      referenceImage: { uri },
    });
    const listed = await collect(client.listReferenceImages({ parent: product.name }));
    expect(listed.map(({ name }) => name)).to.have.members([
      created.name,
      `${product.name}/referenceImages/b`,
    ]);
    expect(await client.getReferenceImage({ name: created.name })).to.deep.equal(created);
    await client.deleteReferenceImage({ name: created.name });
    expect(await rejection(client.getReferenceImage({ name: created.name }))).to.include({
      code: "NOT_FOUND",
    });
  });

  it("puts products into a set, lists them and takes them out", async () => {
    const { name } = await client.createProductSet({ parent, productSet: { displayName: "x" } });
    const product = await client.createProduct({
      parent,
      product: { displayName: "x", productCategory },
    });
    await client.addProductToProductSet({ name, product: product.name });
    await client.addProductToProductSet({ name, product: product.name });
    expect(await collect(client.listProductsInProductSet({ name }))).to.deep.equal([product]);
    await client.removeProductFromProductSet({ name, product: product.name });
    expect(await collect(client.listProductsInProductSet({ name }))).to.deep.equal([]);
  });

  it("lists page after page as items are asked for, and goes on from a token", async () => {
    for (const id of ["a", "b", "c", "d", "e"]) {
      const product = { displayName: id, productCategory };
      await client.createProduct({ parent, productId: id, product });
    }
    const list = client.listProducts({ parent, pageSize: 2 });
    expect(running.emulator.admin.calls("ListProducts")).to.equal(0);
    for await (const product of list) if (product.displayName === "c") break;
    expect(running.emulator.admin.calls("ListProducts")).to.equal(2);
    const [first] = await collect(list.pages());
    const rest = client.listProducts({ parent, pageToken: first?.nextPageToken ?? "" });
    expect((await collect(rest)).map(({ displayName }) => displayName)).to.deep.equal([
      "c",
      "d",
      "e",
    ]);
    expect((await collect(list)).length).to.equal(5);
  });

  it("imports, and tells of each line", async () => {
    await running.put("gs://images/a.png", "x");
    await running.put(
      "gs://csv/all.csv",
      `gs://images/a.png,img,set,shoe,${productCategory},Shoe,"color=red,size=9",\n` +
        `gs://images/missing.png,,set,boot,${productCategory},,,\n`,
    );
    const inputConfig = { gcsSource: { csvFileUri: "gs://csv/all.csv" } };
    const handle = await client.importProductSets({ parent, inputConfig });
    const { referenceImages, statuses } = await handle.wait();
    expect(referenceImages.map(({ uri }) => uri)).to.deep.equal(["gs://images/a.png"]);
    expect(statuses.map(({ code }) => code)).to.deep.equal([0, 3]);
    const { metadata } = await handle.poll();
    // Source: BatchOperationMetadata.State.SUCCESSFUL in product_search_service.proto.
    expect(metadata).to.include({ state: 2 });
    expect(metadata?.endTime).to.be.an("object");
    const products = await collect(
      client.listProductsInProductSet({ name: `${parent}/productSets/set` }),
    );
    expect(products.map(({ displayName }) => displayName)).to.deep.equal(["Shoe"]);
  });
}

function optionsFor<V extends ProductSearchVersion>(
  running: TestEmulator,
  options: ProductSearchClientOptions<V>,
): ProductSearchClientOptions<V> {
  const { grpc, http } = running.emulator;
  return { emulator: { grpc, rest: http }, ...options };
}
