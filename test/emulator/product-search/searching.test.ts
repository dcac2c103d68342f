import { expect } from "chai";
import { VisionBatchClient } from "../../../src/index.ts";
import { TestEmulator } from "../../fixtures/emulator.ts";

const parent = "projects/p/locations/us-west1";
const productSearchResults = {
  indexTime: "2026-01-02T03:04:05Z",
  results: [
    {
      product: {
        name: `${parent}/products/shoe`,
        displayName: "Shoe",
        productCategory: "apparel-v2",
      },
      score: 0.75,
      image: `${parent}/products/shoe/referenceImages/left`,
    },
  ],
};
const labelAnnotations = [{ description: "shoe", score: 0.5 }];

describe("PRODUCT_SEARCH in the emulator", () => {
  for (const recordedFor of ["all", "missing"] as const) {
    describe(`with recorded responses for ${recordedFor} features`, () => {
      let running: TestEmulator;
      let client: VisionBatchClient;

      before(async () => {
        const response = { productSearchResults, labelAnnotations };
        running = await TestEmulator.start({ recordedFor, recordings: [{ uri: "*", response }] });
        await running.put("gs://images/query.png", Buffer.from(pixel, "base64"));
        await running.rest("POST", `/v1/${parent}/productSets?productSetId=set`, {
          displayName: "x",
        });
        client = new VisionBatchClient({ emulator: { grpc: running.emulator.grpc } });
      });

      after(async () => {
        await client.close();
        await running.close();
      });

      const requestOf = (set: string) => ({
        image: { source: { imageUri: "gs://images/query.png" } },
        features: [{ type: "PRODUCT_SEARCH" as const }, { type: "LABEL_DETECTION" as const }],
        imageContext: { productSearchParams: { productSet: `${parent}/productSets/${set}` } },
      });

      it("is answered from a recording, where the product set exists", async () => {
        const { responses } = await client.batchAnnotateImages({ requests: [requestOf("set")] });
        const [found] = responses;
        expect(found?.error).to.equal(undefined);
        const { indexTime, results = [] } = found?.productSearchResults ?? {};
        expect(indexTime).to.include({ seconds: "1767323045" });
        expect(results[0]).to.include({ score: 0.75 });
        expect(results[0]?.product).to.include({ displayName: "Shoe" });
      });

      it("is an error of the image where the set does not exist; other features are answered", async () => {
        const requests = [requestOf("none"), requestOf("set")];
        const { responses } = await client.batchAnnotateImages({ requests });
        const [missing, found] = responses;
        expect(missing?.error).to.include({
          code: 5,
          message: `ProductSet with name '${parent}/productSets/none' not found.`,
        });
        expect(missing?.productSearchResults).to.equal(undefined);
        expect(missing?.labelAnnotations[0]).to.include({ description: "shoe" });
        expect(found?.error).to.equal(undefined);
      });

      it("is the same in the shards of an operation", async () => {
        const outputConfig = { gcsDestination: { uri: "gs://out/search/" } };
        const requests = [requestOf("none"), requestOf("set")];
        await (await client.asyncBatchAnnotateImages({ requests, outputConfig })).wait();
        const shard = JSON.parse(await running.text("gs://out/search/output-1-to-2.json")) as {
          responses: { error?: { code: number }; productSearchResults?: object }[];
        };
        expect(shard.responses[0]?.error).to.include({ code: 5 });
        expect(shard.responses[0]).to.not.have.property("productSearchResults");
        expect(shard.responses[1]?.productSearchResults).to.deep.equal(productSearchResults);
      });
    });
  }

  it("is an error of each page of a file", async () => {
    const content = "%PDF-1.7 one page";
    const running = await TestEmulator.start({ pages: { [content]: [{ productSearchResults }] } });
    await running.put("gs://inputs/a.pdf", content);
    const { response } = await running.call("BatchAnnotateFiles", {
      requests: [
        {
          inputConfig: { gcsSource: { uri: "gs://inputs/a.pdf" }, mimeType: "application/pdf" },
          features: [{ type: "PRODUCT_SEARCH" }],
          imageContext: { productSearchParams: { productSet: `${parent}/productSets/none` } },
        },
      ],
    });
    const [file] = response["responses"] as { responses: Record<string, unknown>[] }[];
    expect(file?.responses[0]).to.deep.include({
      context: { uri: "gs://inputs/a.pdf", pageNumber: 1 },
    });
    expect(file?.responses[0]?.["error"]).to.include({ code: 5 });
    await running.close();
  });
});

/** A PNG of one pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
