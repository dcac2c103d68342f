import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { VisionBatchError } from "../../../src/errors/index.ts";
import { TestEmulator, type RestAnswer } from "../../fixtures/emulator.ts";
import { rejection } from "../../fixtures/rejection.ts";

const parent = "projects/p/locations/us-west1";
const productCategory = "apparel-v2";
const shoe = { displayName: "Shoe", productCategory };

interface RestError {
  readonly status: string;
  readonly message: string;
}

/** Calls REST of a version and answers the body, or `CODE: message`. */
async function ask(
  running: TestEmulator,
  call: string,
  body?: object,
  version = "v1",
): Promise<unknown> {
  const [verb = "", path = ""] = call.split(" ");
  const answer: RestAnswer = await running.rest(verb, `/${version}/${path}`, body);
  const error = answer.body["error"] as RestError | undefined;
  return error === undefined ? answer.body : `${error.status}: ${error.message}`;
}

describe("Product Search in the emulator", () => {
  let folder: string;
  let running: TestEmulator;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-products-"));
    running = await TestEmulator.start({ directory: folder });
  });

  afterEach(async () => {
    await running.close();
    await rm(folder, { recursive: true });
  });

  const fill = async (): Promise<void> => {
    await ask(running, `POST ${parent}/productSets?productSetId=set`, { displayName: "Set" });
    await ask(running, `POST ${parent}/products?productId=shoe`, {
      ...shoe,
      productLabels: [{ key: "color", value: "red" }],
    });
    await ask(running, `POST ${parent}/productSets/set:addProduct`, {
      product: `${parent}/products/shoe`,
    });
    const boundingPolys = [{ normalizedVertices: [{}, { x: 1, y: 1 }] }];
    const image = { uri: "gs://images/a.png", boundingPolys };
    await ask(running, `POST ${parent}/products/shoe/referenceImages?referenceImageId=left`, image);
  };

  it("keeps each resource in a JSON file that a person can read", async () => {
    await fill();
    const place = join(folder, "_product-search", parent);
    expect(
      (await readdir(place, { recursive: true })).filter((name) => name.endsWith("json")),
    ).to.have.members([
      "productSets/set.json",
      "products/shoe/product.json",
      "products/shoe/referenceImages/left.json",
    ]);
    expect(await readFile(join(place, "products/shoe/product.json"), "utf8")).to.equal(
      `{
  "name": "${parent}/products/shoe",
  "displayName": "Shoe",
  "productCategory": "apparel-v2",
  "productLabels": [
    {
      "key": "color",
      "value": "red"
    }
  ],
  "productSets": [
    "${parent}/productSets/set"
  ]
}
`,
    );
  });

  it("goes on with what an emulator before it has kept", async () => {
    await fill();
    const paths = [
      `productSets/set`,
      `products/shoe`,
      `products/shoe/referenceImages/left`,
      `productSets/set/products`,
    ];
    const before = await Promise.all(paths.map((path) => ask(running, `GET ${parent}/${path}`)));
    await running.close();
    running = await TestEmulator.start({ directory: folder });
    const after = await Promise.all(paths.map((path) => ask(running, `GET ${parent}/${path}`)));
    expect(after).to.deep.equal(before);
    await ask(running, `DELETE ${parent}/products/shoe`);
    await running.close();
    running = await TestEmulator.start({ directory: folder });
    expect(await ask(running, `GET ${parent}/products/shoe/referenceImages/left`)).to.match(
      /^NOT_FOUND/,
    );
  });

  it("refuses to start over a file that is no resource, and says which", async () => {
    await fill();
    const file = join(folder, "_product-search", parent, "productSets", "set.json");
    await writeFile(file, "{");
    const error = await rejection(TestEmulator.start({ directory: folder }));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect((error as Error).message).to.include(file);
  });

  it("is no bucket", async () => {
    await fill();
    const { body } = await running.rest("GET", "/storage/v1/b?project=p");
    expect(body["items"] ?? []).to.deep.equal([]);
  });

  for (const id of ["..", "ü".repeat(128), "a b%2F", "product.json"]) {
    it(`keeps a product of the id ${id.slice(0, 20)}`, async () => {
      const name = `${parent}/products/${id}`;
      const { response } = await running.call(
        "google.cloud.vision.v1.ProductSearch/CreateProduct",
        {
          parent,
          productId: id,
          product: shoe,
        },
      );
      expect(response).to.include({ name });
      await running.close();
      running = await TestEmulator.start({ directory: folder });
      const got = await running.call("google.cloud.vision.v1.ProductSearch/GetProduct", { name });
      expect(got.response).to.deep.equal(response);
    });
  }

  it("refuses an id that is taken", async () => {
    await fill();
    expect(await ask(running, `POST ${parent}/products?productId=shoe`, shoe)).to.equal(
      "ALREADY_EXISTS: Product with ID 'shoe' already exists.",
    );
    expect(
      await ask(running, `POST ${parent}/productSets?productSetId=set`, { displayName: "x" }),
    ).to.match(/^ALREADY_EXISTS/);
  });

  it("pages in the order of names, and a token outlives what it was made after", async () => {
    for (const id of ["a", "b", "c", "d"])
      await ask(running, `POST ${parent}/products?productId=${id}`, shoe);
    await ask(running, `POST projects/q/locations/us-west1/products?productId=other`, shoe);
    const idsOf = (page: unknown): unknown =>
      (page as { products: { name: string }[] }).products.map(({ name }) => name.split("/").at(-1));
    const first = await ask(running, `GET ${parent}/products?pageSize=2`);
    expect(idsOf(first)).to.deep.equal(["a", "b"]);
    const { nextPageToken } = first as { nextPageToken: string };
    await ask(running, `DELETE ${parent}/products/b`);
    const second = await ask(
      running,
      `GET ${parent}/products?pageSize=2&pageToken=${nextPageToken}`,
    );
    expect(idsOf(second)).to.deep.equal(["c", "d"]);
    expect(second).to.not.have.property("nextPageToken");
    expect(await ask(running, `GET ${parent}/products?pageToken=x`)).to.match(/^INVALID_ARGUMENT/);
    for (const size of [-1, 101]) {
      expect(await ask(running, `GET ${parent}/products?pageSize=${size}`)).to.match(
        /^INVALID_ARGUMENT: Invalid page_size .* \[1, 100\]/,
      );
    }
  });

  it("has ten resources in a page where the request says nothing", async () => {
    for (let count = 0; count < 11; count += 1) await ask(running, `POST ${parent}/products`, shoe);
    const page = (await ask(running, `GET ${parent}/products`)) as { products: unknown[] };
    expect(page.products).to.have.length(10);
  });

  it("changes what the mask names, and all that can be changed where there is none", async () => {
    await fill();
    const patch = (mask: string, body: object) =>
      ask(
        running,
        `PATCH ${parent}/products/shoe${mask === "" ? "" : `?updateMask=${mask}`}`,
        body,
      );
    const name = `${parent}/products/shoe`;
    const productLabels = [{ key: "color", value: "red" }];
    const boot = { displayName: "Boot", description: "new" };
    expect(await patch("description", boot)).to.deep.equal({
      name,
      ...shoe,
      productLabels,
      description: "new",
    });
    expect(await patch("", { displayName: "Boot" })).to.deep.equal({
      name,
      ...shoe,
      displayName: "Boot",
    });
    expect(await patch("productCategory", shoe)).to.match(/^INVALID_ARGUMENT: .*product_category/);
    expect(await patch("displayName", {})).to.equal(
      "INVALID_ARGUMENT: The display_name is missing.",
    );
    expect(await patch("", { description: "x" })).to.equal(
      "INVALID_ARGUMENT: The display_name is missing.",
    );
  });

  it("keeps the products of a deleted set, but those of v1p3beta1", async () => {
    await fill();
    expect(await ask(running, `DELETE ${parent}/productSets/set`)).to.deep.equal({});
    expect(await ask(running, `GET ${parent}/products/shoe`)).to.include({ displayName: "Shoe" });
    await ask(running, `DELETE ${parent}/products/shoe`);
    await fill();
    expect(await ask(running, `GET ${parent}/productSets/set/products`))
      .to.have.property("products")
      .length(1);
    expect(
      await ask(running, `DELETE ${parent}/productSets/set`, undefined, "v1p3beta1"),
    ).to.deep.equal({});
    expect(await ask(running, `GET ${parent}/products/shoe`)).to.match(/^NOT_FOUND/);
  });

  it("lists the products of no set as none, and the images of no product as NOT_FOUND", async () => {
    expect(await ask(running, `GET ${parent}/productSets/none/products`)).to.deep.equal({});
    expect(await ask(running, `GET ${parent}/products/none/referenceImages`)).to.match(
      /^NOT_FOUND/,
    );
  });

  it("lets a product be in 100 sets, and takes it out of them", async () => {
    await fill();
    const product = `${parent}/products/shoe`;
    for (let count = 1; count < 100; count += 1) {
      await ask(running, `POST ${parent}/productSets?productSetId=s${count}`, { displayName: "x" });
      expect(
        await ask(running, `POST ${parent}/productSets/s${count}:addProduct`, { product }),
      ).to.deep.equal({});
    }
    await ask(running, `POST ${parent}/productSets?productSetId=last`, { displayName: "x" });
    const add = (set: string) =>
      ask(running, `POST ${parent}/productSets/${set}:addProduct`, { product });
    expect(await add("last")).to.match(/^FAILED_PRECONDITION: .*100/);
    expect(await add("none")).to.match(/^NOT_FOUND/);
    const remove = (version: string) =>
      ask(running, `POST ${parent}/productSets/s1:removeProduct`, { product }, version);
    expect(await remove("v1")).to.deep.equal({});
    expect(await remove("v1")).to.deep.equal({});
    expect(await remove("v1p3beta1")).to.match(/^NOT_FOUND/);
    expect(await add("last")).to.deep.equal({});
  });

  it("refuses a product of another location in a set", async () => {
    await fill();
    const product = "projects/p/locations/asia-east1/products/shoe";
    expect(await ask(running, `POST ${parent}/productSets/set:addProduct`, { product })).to.match(
      /^INVALID_ARGUMENT: .*different locations/,
    );
  });

  it("refuses a reference image of no product, or one that it would have to read and cannot", async () => {
    await fill();
    await running.put("gs://images/here.png", "x");
    const create = (product: string, image: object) =>
      ask(running, `POST ${parent}/products/${product}/referenceImages`, image);
    expect(await create("none", { uri: "gs://images/here.png" })).to.equal(
      `INVALID_ARGUMENT: Product '${parent}/products/none' does not exist.`,
    );
    expect(await create("shoe", { uri: "gs://images/away.png" })).to.equal(
      "INVALID_ARGUMENT: Error opening file: gs://images/away.png.",
    );
    expect(await create("shoe", { uri: "gs://images/here.png" })).to.have.property("name");
    expect(await create("shoe", {})).to.match(/^INVALID_ARGUMENT: Invalid image URI/);
  });

  it("names every field at fault in one answer", async () => {
    const { code, details } = await running.call(
      "google.cloud.vision.v1.ProductSearch/CreateProduct",
      {
        parent: "projects/p",
        productId: "a/b",
        product: {
          description: "x".repeat(4097),
          productCategory: "shoes",
          productLabels: [{ key: "k".repeat(129) }],
        },
      },
    );
    expect(code).to.equal("INVALID_ARGUMENT");
    const [{ fieldViolations }] = details as unknown as [{ fieldViolations: { field: string }[] }];
    expect(fieldViolations.map(({ field }) => field)).to.have.members([
      "parent",
      "productId",
      "product.displayName",
      "product.description",
      "product.productLabels[0].key",
      "product.productLabels[0].value",
      "product.productCategory",
    ]);
  });
});
