import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { credentials, type ChannelCredentials } from "@grpc/grpc-js";
import vision from "@google-cloud/vision";
import { expect } from "chai";
import { imagesRequest, TestEmulator } from "../fixtures/emulator.ts";

type Versioned = typeof vision.v1 | typeof vision.v1p4beta1;

/** Google's client hands enums over as numbers. Source: OperationMetadata.State in image_annotator.proto. */
const state = { RUNNING: 2, DONE: 3 } as const;
const content = "%PDF-1.7 two pages";
const pdf = "gs://inputs/two.pdf";

/** The client as its users make it for an emulator: no TLS, no credentials. */
function connect<T>(
  Client: new (options: { sslCreds: ChannelCredentials; apiEndpoint: string; port: number }) => T,
  address: string,
): T {
  const [apiEndpoint = "", port] = address.split(":");
  return new Client({ apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() });
}

for (const [version, api] of Object.entries({
  v1: vision.v1,
  v1p4beta1: vision.v1p4beta1,
}) as [string, Versioned][]) {
  describe(`@google-cloud/vision ${version} against the emulator`, () => {
    let running: TestEmulator;
    let client: InstanceType<typeof vision.v1.ImageAnnotatorClient>;
    before(async () => {
      // Slow enough for the client's first polls, at 100 ms and on, to see the work under way.
      running = await TestEmulator.start({
        processingMsPerImage: 150,
        pages: { [content]: [{}, {}] },
      });
      await running.put(pdf, content);
      client = connect(
        api.ImageAnnotatorClient as typeof vision.v1.ImageAnnotatorClient,
        running.emulator.grpc,
      );
    });
    after(async () => {
      await client.close();
      await running.close();
    });

    it("submits images, sees them progress and gets the result", async () => {
      const [operation] = await client.asyncBatchAnnotateImages(imagesRequest(5, { batchSize: 2 }));
      const states: unknown[] = [];
      operation.on("progress", (progress: { state: unknown }) => states.push(progress.state));
      const [result, metadata] = await operation.promise();
      expect(states).to.include(state.RUNNING);
      expect(result.outputConfig?.gcsDestination?.uri).to.equal("gs://out/run/");
      expect(metadata).to.include({ state: state.DONE });
      expect(await running.list("gs://out/run")).to.deep.equal([
        "output-1-to-2.json",
        "output-3-to-4.json",
        "output-5-to-5.json",
      ]);
    });

    it("submits files and checks them by name", async () => {
      const [operation] = await client.asyncBatchAnnotateFiles({
        requests: [
          {
            inputConfig: { gcsSource: { uri: pdf }, mimeType: "application/pdf" },
            features: [{ type: "DOCUMENT_TEXT_DETECTION" }],
            outputConfig: { gcsDestination: { uri: "gs://out/pdf-" }, batchSize: 1 },
          },
        ],
      });
      await operation.promise();
      const checked = await client.checkAsyncBatchAnnotateFilesProgress(operation.name ?? "");
      expect(checked.done).to.equal(true);
      const { responses } = checked.result as { responses: { outputConfig: object }[] };
      expect(responses[0]?.outputConfig).to.deep.include({ batchSize: 1 });
      expect(await running.list("gs://out")).to.include.members([
        "pdf-output-1-to-1.json",
        "pdf-output-2-to-2.json",
      ]);
    });

    it("cancels an operation", async () => {
      running.emulator.admin.holdOperations(true);
      const [operation] = await client.asyncBatchAnnotateImages(imagesRequest(1));
      await operation.cancel();
      running.emulator.admin.holdOperations(false);
      const checked = await client.checkAsyncBatchAnnotateImagesProgress(operation.name ?? "");
      expect(checked.error).to.include({ code: 1 });
      expect(running.emulator.admin.cancels(operation.name ?? "")).to.equal(1);
    });

    it("lists operations", async () => {
      const names: string[] = [];
      const request = { name: "projects/emulator", filter: "" } as never;
      for await (const { name } of client.operationsClient.listOperationsAsync(
        request,
      ) as AsyncIterable<{
        name: string;
      }>) {
        names.push(name);
      }
      expect(names).to.deep.equal(running.emulator.admin.operations().map(({ name }) => name));
    });

    it("gets the status and the details of a refusal", async () => {
      const request = imagesRequest(1, { batchSize: 500 });
      const error = await client
        .asyncBatchAnnotateImages(request)
        .catch((reason: unknown) => reason);
      expect(error).to.include({ code: 3 });
      const [badRequest] = (error as { statusDetails: object[] }).statusDetails;
      expect(JSON.stringify(badRequest)).to.include("outputConfig.batchSize");
    });
  });
}

describe("@google-cloud/vision with an image of text", () => {
  it("reads the text", async () => {
    const running = await TestEmulator.start({ recordings: [], recordedFor: "missing" });
    const client = connect(vision.ImageAnnotatorClient, running.emulator.grpc);
    try {
      const receipt = await readFile(
        join(import.meta.dirname, "../../examples/inputs/receipt.png"),
      );
      const [answer] = await client.batchAnnotateImages({
        requests: [{ image: { content: receipt }, features: [{ type: "TEXT_DETECTION" }] }],
      });
      const [response] = answer.responses ?? [];
      expect(response?.error).to.equal(null);
      expect(response?.textAnnotations?.[0]?.description).to.match(/\w{3}/);
      expect(response?.fullTextAnnotation?.pages).to.have.length(1);
    } finally {
      await client.close();
      await running.close();
    }
  });
});
