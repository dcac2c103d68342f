import { expect } from "chai";
import { RpcError, StorageError, SubmitError, VisionBatchClient } from "../../src/index.ts";
import { TestEmulator, until } from "../fixtures/emulator.ts";
import { startGrpcServer } from "../fixtures/grpc-server.ts";
import { rejection } from "../fixtures/rejection.ts";

const found = {
  textAnnotations: [{ description: "whole text" }, { description: "whole" }],
  fullTextAnnotation: { text: "whole text" },
  faceAnnotations: [{ joyLikelihood: "VERY_LIKELY" }],
  labelAnnotations: [{ description: "cat" }],
  landmarkAnnotations: [{ description: "tower" }],
  logoAnnotations: [{ description: "brand" }],
  localizedObjectAnnotations: [{ name: "bicycle" }],
  webDetection: { bestGuessLabels: [{ label: "cat" }] },
  safeSearchAnnotation: { adult: "VERY_UNLIKELY" },
  imagePropertiesAnnotation: { dominantColors: { colors: [{ score: 0.5 }] } },
  cropHintsAnnotation: { cropHints: [{ confidence: 0.5 }] },
  productSearchResults: { results: [{ score: 0.5, image: "i" }] },
};
const uri = "gs://inputs/all.png";

describe("the helpers for one feature", () => {
  let emulator: TestEmulator;
  let client: VisionBatchClient;

  before(async () => {
    emulator = await TestEmulator.start({
      recordings: [
        { uri, response: found },
        { uri: "gs://inputs/empty.png", response: {} },
        {
          uri: "gs://inputs/bad.png",
          response: {
            error: {
              code: 3,
              message: "Bad image data.",
              details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "BAD" }],
            },
          },
        },
      ],
    });
    client = new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc } });
  });

  beforeEach(async () => {
    await emulator.emulator.admin.reset();
  });

  after(async () => {
    await client.close();
    await emulator.close();
  });

  it("answer with what was found, each its own", async () => {
    expect(await client.detectText(uri)).to.deep.equal(found.textAnnotations);
    expect(await client.detectDocumentText(uri)).to.deep.equal(found.fullTextAnnotation);
    expect(await client.detectFaces(uri)).to.deep.equal(found.faceAnnotations);
    expect(await client.detectLabels(uri)).to.deep.equal(found.labelAnnotations);
    expect(await client.detectLandmarks(uri)).to.deep.equal(found.landmarkAnnotations);
    expect(await client.detectLogos(uri)).to.deep.equal(found.logoAnnotations);
    expect(await client.detectObjects(uri)).to.deep.equal(found.localizedObjectAnnotations);
    expect(await client.detectWeb(uri)).to.deep.equal(found.webDetection);
    expect(await client.detectSafeSearch(uri)).to.deep.equal(found.safeSearchAnnotation);
    expect(await client.detectImageProperties(uri)).to.deep.equal(found.imagePropertiesAnnotation);
    expect(await client.detectCropHints(uri)).to.deep.equal(found.cropHintsAnnotation);
    await emulator.rest("POST", "/v1/projects/p/locations/us-east1/productSets?productSetId=s", {
      displayName: "Shoes",
    });
    const productSearchParams = { productSet: "projects/p/locations/us-east1/productSets/s" };
    const products = await client.searchProducts(uri, { productSearchParams });
    expect(products).to.deep.equal(found.productSearchResults);
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.equal(12);
  });

  it("answer with nothing where nothing was found", async () => {
    expect(await client.detectText("gs://inputs/empty.png")).to.deep.equal([]);
    expect(await client.detectDocumentText("gs://inputs/empty.png")).to.equal(undefined);
  });

  it("exist for other versions as far as these have the features", async () => {
    const old = new VisionBatchClient({
      version: "v1p1beta1",
      emulator: { grpc: emulator.emulator.grpc },
    });
    expect(await old.detectLabels(uri)).to.deep.equal(found.labelAnnotations);
    const untyped = old as unknown as VisionBatchClient;
    const error = await rejection(untyped.detectObjects(uri));
    expect(error).to.have.nested.property("problems[0].field", "options.features[0].type");
    await old.close();
  });

  it("pass their options on", async () => {
    const server = await startGrpcServer([
      (_call, callback) => {
        callback({ code: 8, details: "slow down" });
      },
    ]);
    const other = new VisionBatchClient({ emulator: { grpc: server.address } });
    const params = { productSet: "projects/p/locations/us-east1/productSets/s", filter: "a=b" };
    const error = await rejection(
      other.searchProducts(uri, {
        productSearchParams: params,
        imageContext: { languageHints: ["en"] },
        maxResults: 3,
        model: "builtin/latest",
        labels: { team: "scans" },
        headers: { "x-test": "yes" },
      }),
    );
    expect(error).to.be.instanceOf(SubmitError).and.to.include({ outcome: "rejected" });
    const [call] = server.calls;
    expect(call?.metadata.get("x-test")).to.deep.equal(["yes"]);
    expect(call?.request).to.have.property("labels").that.deep.equals({ team: "scans" });
    expect(call?.request)
      .to.have.nested.property("requests[0].features[0]")
      .that.includes({ type: 12, maxResults: 3, model: "builtin/latest" });
    expect(call?.request)
      .to.have.nested.property("requests[0].imageContext.languageHints")
      .that.deep.equals(["en"]);
    expect(call?.request)
      .to.have.nested.property("requests[0].imageContext.productSearchParams")
      .that.includes(params);
    await other.close();
    server.stop();
  });

  it("throw what the service says of the image, with its details", async () => {
    const error = await rejection(client.detectLabels("gs://inputs/bad.png"));
    expect(error).to.be.instanceOf(RpcError).and.not.instanceOf(SubmitError);
    expect(error).to.include({
      code: "INVALID_ARGUMENT",
      reason: "BAD",
      method: "google.cloud.vision.v1.ImageAnnotator/BatchAnnotateImages",
    });
    expect(error).to.have.property("message").that.contains("Bad image data.");
  });

  it("throw what is wrong with the input before anything is sent", async () => {
    expect(await rejection(client.detectText("/missing/a.png"))).to.be.instanceOf(StorageError);
    expect(await rejection(client.detectText(new Uint8Array()))).to.have.nested.property(
      "problems[0].field",
      "image",
    );
    expect(emulator.emulator.admin.callCounts()).to.deep.equal({});
  });

  it("end at the server when they are aborted", async () => {
    let cancelled = 0;
    const server = await startGrpcServer([
      (call) => {
        call.on("cancelled", () => (cancelled += 1));
      },
    ]);
    const other = new VisionBatchClient({ emulator: { grpc: server.address } });
    const abort = new AbortController();
    const labels = other.detectLabels(uri, { signal: abort.signal });
    await until(() => server.calls.length === 1);
    abort.abort(new Error("no longer wanted"));
    expect(await rejection(labels)).to.include({ name: "SubmitError", outcome: "unknown" });
    await until(() => cancelled === 1);
    await other.close();
    server.stop();
  });
});
