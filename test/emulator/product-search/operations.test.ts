import { expect } from "chai";
import { linesOf, readImportLine } from "../../../src/emulator/product-search/import-line.ts";
import { ServiceError } from "../../../src/emulator/service-error.ts";
import { TestEmulator, until } from "../../fixtures/emulator.ts";

const parent = "projects/p/locations/us-west1";
const service = "google.cloud.vision.v1.ProductSearch";

interface Done {
  readonly metadata: Readonly<Record<string, string>>;
  readonly response?: Readonly<Record<string, never[]>>;
  readonly error?: { readonly code: number; readonly message: string };
}

describe("imports and purges in the emulator", () => {
  let running: TestEmulator;
  beforeEach(async () => {
    running = await TestEmulator.start();
  });
  afterEach(() => running.close());

  const call = async (method: string, request: object): Promise<Record<string, unknown>> => {
    const { code, message, response } = await running.call(`${service}/${method}`, {
      parent,
      ...request,
    });
    expect(`${code}: ${message}`).to.equal("OK: ");
    return response;
  };
  const start = async (method: string, request: object): Promise<string> =>
    (await call(method, request))["name"] as string;
  const done = async (name: string): Promise<Done> => (await running.done(name)) as unknown as Done;
  const importCsv = async (lines: readonly string[]): Promise<string> => {
    await running.put("gs://csv/all.csv", lines.join("\n"));
    return start("ImportProductSets", {
      inputConfig: { gcsSource: { csvFileUri: "gs://csv/all.csv" } },
    });
  };
  const boxed = (image: string, product: string): string =>
    `gs://images/${image}.png,${image},set,${product},toys-v2,,,"0,0,1,0,1,1,0,0.5"`;

  it("imports what a line says, and tells of each line what became of it", async () => {
    const { metadata, response } = await done(
      await importCsv([
        `gs://images/a.png,a,set,car,toys-v2,"Car, red","color=red,wheels=4","0,0,400,0,400,300,0,300"`,
        boxed("b", "car"),
        boxed("b", "car"),
        "gs://images/c.png,c,set,car",
        "",
      ]),
    );
    expect(metadata).to.include({ state: "SUCCESSFUL" });
    expect(metadata["@type"]).to.equal(
      "type.googleapis.com/google.cloud.vision.v1.BatchOperationMetadata",
    );
    expect(Date.parse(metadata["endTime"] ?? "")).to.be.at.least(
      Date.parse(metadata["submitTime"] ?? ""),
    );
    const images = response?.["referenceImages"] as unknown as {
      name: string;
      boundingPolys: object[];
    }[];
    expect(images.map(({ name }) => name)).to.deep.equal(
      ["a", "b"].map((id) => `${parent}/products/car/referenceImages/${id}`),
    );
    expect(images[0]?.boundingPolys[0]).to.have.property("vertices").with.length(4);
    expect(images[1]?.boundingPolys[0]).to.have.property("normalizedVertices").with.length(4);
    expect(response?.["statuses"]).to.deep.equal([
      {},
      {},
      { code: 6, message: "ReferenceImage with ID 'b' already exists." },
      { code: 3, message: "The line has 4 columns instead of 8." },
    ]);
    const name = `${parent}/products/car`;
    expect(await call("GetProduct", { name })).to.deep.equal({
      name,
      displayName: "Car, red",
      productCategory: "toys-v2",
      productLabels: [
        { key: "color", value: "red" },
        { key: "wheels", value: "4" },
      ],
    });
  });

  it("leaves a product that there is as it is, and names a new one with a space", async () => {
    await call("CreateProduct", {
      productId: "old",
      product: { displayName: "Old", productCategory: "general-v1" },
    });
    await done(await importCsv([boxed("a", "old"), boxed("b", "new")]));
    const [old, new_] = await Promise.all(
      ["old", "new"].map((id) => call("GetProduct", { name: `${parent}/products/${id}` })),
    );
    expect(old).to.include({ displayName: "Old", productCategory: "general-v1" });
    expect(new_).to.include({ displayName: " ", productCategory: "toys-v2" });
    expect(
      (await call("ListProductsInProductSet", { name: `${parent}/productSets/set` }))["products"],
    ).to.have.length(2);
  });

  it("has failed where no line was imported, with a result all the same", async () => {
    const { metadata, response } = await done(await importCsv(["x"]));
    expect(metadata).to.include({ state: "FAILED" });
    expect(response?.["statuses"]).to.have.length(1);
  });

  it("fails where there is no file, and where it has too many lines", async () => {
    const name = await start("ImportProductSets", {
      inputConfig: { gcsSource: { csvFileUri: "gs://csv/none.csv" } },
    });
    const { metadata, error } = await done(name);
    expect(metadata).to.include({ state: "FAILED" });
    expect(error).to.include({ code: 5 });
    const long = await done(await importCsv(Array.from({ length: 20_001 }, () => "x")));
    expect(long.error?.message).to.equal("The CSV file has 20001 lines; the limit is 20000.");
  });

  it("stops an import that is cancelled, and keeps what it has done", async () => {
    await running.close();
    running = await TestEmulator.start({ processingMsPerImage: 20 });
    const lines = Array.from({ length: 1000 }, (_, index) => boxed(`i${index}`, "car"));
    const name = await importCsv(lines);
    const imported = async (): Promise<number> => {
      const { response } = await running.call(`${service}/ListReferenceImages`, {
        parent: `${parent}/products/car`,
        pageSize: 100,
      });
      return (response["referenceImages"] as unknown[] | undefined)?.length ?? 0;
    };
    await until(async () => (await imported()) > 0);
    await running.operations("CancelOperation", { name });
    const { metadata, error } = await done(name);
    expect(metadata).to.include({ state: "CANCELLED" });
    expect(error).to.include({ code: 1 });
    expect(await imported())
      .to.be.greaterThan(0)
      .and.lessThan(1000);
  });

  it("purges the products of a set with their images, and no others", async () => {
    await done(await importCsv([boxed("a", "one"), boxed("b", "two")]));
    await call("CreateProduct", {
      productId: "free",
      product: { displayName: "x", productCategory: "toys-v2" },
    });
    const purge = { productSetPurgeConfig: { productSetId: "set" }, force: true };
    const { metadata, response } = await done(await start("PurgeProducts", purge));
    expect(metadata).to.include({ state: "SUCCESSFUL" });
    expect(response).to.deep.equal({ "@type": "type.googleapis.com/google.protobuf.Empty" });
    const names = async (): Promise<unknown> =>
      ((await call("ListProducts", {}))["products"] as { name: string }[] | undefined)?.map(
        ({ name }) => name,
      );
    expect(await names()).to.deep.equal([`${parent}/products/free`]);
    const orphans = { deleteOrphanProducts: true, force: true };
    await done(await start("PurgeProducts", orphans));
    expect(await names()).to.equal(undefined);
    expect(running.emulator.admin.submits().map(({ method }) => method)).to.deep.equal([
      "ImportProductSets",
      "PurgeProducts",
      "PurgeProducts",
    ]);
  });

  it("purges nothing without force, nor of a set that there is not", async () => {
    const target = { productSetPurgeConfig: { productSetId: "none" } };
    const refused = await running.call(`${service}/PurgeProducts`, { parent, ...target });
    expect(refused).to.include({ code: "INVALID_ARGUMENT" });
    const { metadata, error } = await done(
      await start("PurgeProducts", { ...target, force: true }),
    );
    expect(metadata).to.include({ state: "FAILED" });
    expect(error).to.include({ code: 5 });
  });
});

describe("a line of an import", () => {
  const problemOf = (line: string): string => {
    try {
      readImportLine(line, "v1");
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
    return "";
  };

  it("ends with a line break of any kind, and the file may begin with a byte order mark", () => {
    expect(linesOf("\uFEFFa\r\nb\n\rc")).to.deep.equal(["a", "b", "", "c"]);
    expect(linesOf("a\n")).to.deep.equal(["a"]);
    expect(linesOf("")).to.deep.equal([]);
  });

  it("may quote a column, with commas and doubled quotes in it", () => {
    const { product } = readImportLine(`gs://b/o,,s,p,toys, "a ""b"", c" ,,`, "v1");
    expect(product.displayName).to.equal('a "b", c');
  });

  for (const [line, problem] of [
    [
      `gs://b/o,,s,p,toys,a"b,,`,
      "The line is no CSV: a quote stands inside of a column or is not closed.",
    ],
    [
      `gs://b/o,,s,p,toys,"a,,`,
      "The line is no CSV: a quote stands inside of a column or is not closed.",
    ],
    [`b/o,,s,p,toys,,,`, 'Invalid image URI "b/o": gs://bucket/object is required.'],
    [`gs://b/o,,,p,toys,,,`, "The product-set-id is missing."],
    [`gs://b/o,,s,,toys,,,`, "The product-id is missing."],
    [`gs://b/o,,s,p,toys,,color,`, 'The label "color" is not of the form key=value.'],
    [
      `gs://b/o,,s,p,toys,,,"1,2,3"`,
      "A bounding-poly is an even number of numbers, none negative.",
    ],
    [
      `gs://b/o,,s,p,toys,,,"0.1,-2"`,
      "A bounding-poly is an even number of numbers, none negative.",
    ],
    [`gs://b/o,,s,p,toys,,,"0.1,2"`, "Normalized vertices lie within [0, 1]."],
    [
      `gs://b/o,,s,p,toys,,,"0,0,10,10"`,
      "The small edge of a bounding polygon has at least 300 pixels, not 10.",
    ],
    ["x".repeat(2049), "A line has at most 2048 characters."],
  ] as const) {
    it(`is refused as ${line.slice(0, 40)}`, () => {
      expect(problemOf(line)).to.equal(problem);
    });
  }
});
