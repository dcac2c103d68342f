import { credentials } from "@grpc/grpc-js";
import vision from "@google-cloud/vision";
import { expect } from "chai";
import { PassThroughClient } from "google-auth-library";
import { TestEmulator } from "../fixtures/emulator.ts";

/** Source: BatchOperationMetadata.State in product_search_service.proto; Google's client hands enums over as numbers. */
const successful = 2;
const parent = "projects/p/locations/us-west1";
const productCategory = "apparel-v2";

describe("ProductSearchClient of @google-cloud/vision against the emulator", () => {
  let running: TestEmulator;
  let client: InstanceType<typeof vision.ProductSearchClient>;

  before(async () => {
    running = await TestEmulator.start();
    const [apiEndpoint = "", port] = running.emulator.grpc.split(":");
    client = new vision.ProductSearchClient({
      apiEndpoint,
      port: Number(port),
      sslCreds: credentials.createInsecure(),
      authClient: new PassThroughClient(),
    });
  });

  after(async () => {
    await client.close();
    await running.close();
  });

  it("creates, changes and lists", async () => {
    const [set] = await client.createProductSet({
      parent,
      productSetId: "set",
      productSet: { displayName: "Set" },
    });
    const setName = client.productSetPath("p", "us-west1", "set");
    expect(set.name).to.equal(setName);
    expect(set.indexTime).to.include({ seconds: "0" });
    for (let count = 0; count < 5; count += 1) {
      const product = { displayName: `Shoe ${count}`, productCategory };
      await client.createProduct({ parent, productId: `shoe-${count}`, product });
    }
    const name = client.productPath("p", "us-west1", "shoe-0");
    const [changed] = await client.updateProduct({
      product: { name, displayName: "Boot", description: "left out" },
      updateMask: { paths: ["display_name"] },
    });
    expect(changed).to.include({ displayName: "Boot", description: "" });
    await client.addProductToProductSet({ name: setName, product: name });
    const names: unknown[] = [];
    for await (const product of client.listProductsAsync({ parent, pageSize: 2 }))
      names.push(product.name);
    expect(names).to.have.length(5);
    const [inSet] = await client.listProductsInProductSet({ name: setName });
    expect(inSet.map((product) => product.name)).to.deep.equal([name]);
  });

  it("gets the code of what is not there", async () => {
    const name = client.productPath("p", "us-west1", "none");
    const error: unknown = await client.getProduct({ name }).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 5 });
  });

  it("imports and purges", async () => {
    await running.put("gs://images/a.png", "x");
    await running.put(
      "gs://csv/a.csv",
      `gs://images/a.png,,imported,sandal,${productCategory},,,\n`,
    );
    const [importing] = await client.importProductSets({
      parent,
      inputConfig: { gcsSource: { csvFileUri: "gs://csv/a.csv" } },
    });
    const [result, metadata] = await importing.promise();
    expect(result.referenceImages).to.have.length(1);
    expect(result.statuses).to.have.length(1);
    expect(metadata).to.include({ state: successful });
    const [images] = await client.listReferenceImages({
      parent: client.productPath("p", "us-west1", "sandal"),
    });
    expect(images.map(({ uri }) => uri)).to.deep.equal(["gs://images/a.png"]);
    const [purging] = await client.purgeProducts({
      parent,
      productSetPurgeConfig: { productSetId: "imported" },
      force: true,
    });
    await purging.promise();
    const [left] = await client.listProductsInProductSet({
      name: client.productSetPath("p", "us-west1", "imported"),
    });
    expect(left).to.deep.equal([]);
  });
});
