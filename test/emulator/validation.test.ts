import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { filesRequest, imagesRequest, TestEmulator } from "../fixtures/emulator.ts";

interface Refusal {
  readonly title: string;
  readonly method: keyof typeof paths;
  readonly request: object;
  readonly field: string;
  readonly says: RegExp;
}

const paths = {
  BatchAnnotateImages: "/v1/images:annotate",
  BatchAnnotateFiles: "/v1/files:annotate",
  AsyncBatchAnnotateImages: "/v1/images:asyncBatchAnnotate",
  AsyncBatchAnnotateFiles: "/v1/files:asyncBatchAnnotate",
} as const;

const features = [{ type: "LABEL_DETECTION" }];
const gs = { source: { imageUri: "gs://inputs/1.png" } };
const output = { outputConfig: { gcsDestination: { uri: "gs://out/" } } };
const oneImage = (image: object | undefined, asked: unknown = features): object => ({
  requests: [{ ...(image === undefined ? {} : { image }), features: asked }],
});
const pdf = { gcsSource: { uri: "gs://inputs/a.pdf" }, mimeType: "application/pdf" };
const oneFile = (inputConfig: object, more: object = {}): object => ({
  requests: [{ inputConfig, features, ...more }],
});

const refusals: readonly Refusal[] = [
  {
    title: "no images",
    method: "AsyncBatchAnnotateImages",
    request: output,
    field: "requests",
    says: /at least one/,
  },
  {
    title: "2,001 images",
    method: "AsyncBatchAnnotateImages",
    request: imagesRequest(2001),
    field: "requests",
    says: /2001.*2000/,
  },
  {
    title: "17 images at once",
    method: "BatchAnnotateImages",
    request: { requests: Array.from({ length: 17 }, () => ({ image: gs, features })) },
    field: "requests",
    says: /17.*16/,
  },
  {
    title: "two files at once",
    method: "BatchAnnotateFiles",
    request: { requests: [pdf, pdf].map((inputConfig) => ({ inputConfig, features })) },
    field: "requests",
    says: /2.*limit is 1/,
  },
  {
    title: "an https source in an asynchronous request",
    method: "AsyncBatchAnnotateImages",
    request: { ...oneImage({ source: { imageUri: "https://example.com/1.png" } }), ...output },
    field: "requests[0].image.source.imageUri",
    says: /gs:\/\//,
  },
  {
    title: "a gs:// source without an object",
    method: "AsyncBatchAnnotateImages",
    request: { ...oneImage({ source: { gcsImageUri: "gs://bucket" } }), ...output },
    field: "requests[0].image.source.imageUri",
    says: /gs:\/\/bucket/,
  },
  {
    title: "content in an asynchronous request",
    method: "AsyncBatchAnnotateImages",
    request: { ...oneImage({ content: "aGk=" }), ...output },
    field: "requests[0].image.content",
    says: /asynchronous/,
  },
  {
    title: "an image without a source",
    method: "BatchAnnotateImages",
    request: oneImage(undefined),
    field: "requests[0].image",
    says: /image and features/,
  },
  {
    title: "a source that is no URI",
    method: "BatchAnnotateImages",
    request: oneImage({ source: { imageUri: "1.png" } }),
    field: "requests[0].image.source.imageUri",
    says: /1\.png/,
  },
  {
    title: "no features",
    method: "BatchAnnotateImages",
    request: oneImage(gs, []),
    field: "requests[0].features",
    says: /image and features/,
  },
  {
    title: "a feature without a type",
    method: "BatchAnnotateImages",
    request: oneImage(gs, [{ maxResults: 1 }]),
    field: "requests[0].features[0].type",
    says: /type must be specified/,
  },
  {
    title: "the feature TYPE_UNSPECIFIED",
    method: "BatchAnnotateImages",
    request: oneImage(gs, [...features, { type: "TYPE_UNSPECIFIED" }]),
    field: "requests[0].features[1].type",
    says: /type must be specified/,
  },
  {
    title: "a feature that there is not",
    method: "BatchAnnotateImages",
    request: oneImage(gs, [{ type: 77 }]),
    field: "requests[0].features[0].type",
    says: /^Invalid value at 'requests\[0\]\.features\[0\]\.type' \(type\.googleapis\.com\/google\.cloud\.vision\.v1\.Feature\.Type\), 77/,
  },
  {
    title: "negative maxResults",
    method: "BatchAnnotateImages",
    request: oneImage(gs, [{ type: "LABEL_DETECTION", maxResults: -1 }]),
    field: "requests[0].features[0].maxResults",
    says: /negative/,
  },
  {
    title: "a batch size above 100",
    method: "AsyncBatchAnnotateImages",
    request: imagesRequest(1, { batchSize: 101 }),
    field: "outputConfig.batchSize",
    says: /\[1, 100\]/,
  },
  {
    title: "a negative batch size",
    method: "AsyncBatchAnnotateFiles",
    request: filesRequest(["gs://inputs/a.pdf"], -1),
    field: "requests[0].outputConfig.batchSize",
    says: /\[1, 100\]/,
  },
  {
    title: "no output",
    method: "AsyncBatchAnnotateImages",
    request: oneImage(gs),
    field: "outputConfig.gcsDestination.uri",
    says: /gs:\/\/bucket\/prefix/,
  },
  {
    title: "an output that is not in Cloud Storage",
    method: "AsyncBatchAnnotateImages",
    request: imagesRequest(1, { gcsDestination: { uri: "file:///tmp/" } }),
    field: "outputConfig.gcsDestination.uri",
    says: /file:\/\/\/tmp/,
  },
  {
    title: "a file of another mime type",
    method: "AsyncBatchAnnotateFiles",
    request: oneFile({ ...pdf, mimeType: "image/png" }, output),
    field: "requests[0].inputConfig.mimeType",
    says: /application\/pdf, image\/tiff, image\/gif/,
  },
  {
    title: "file content in an asynchronous request",
    method: "AsyncBatchAnnotateFiles",
    request: oneFile({ content: "aGk=", mimeType: "application/pdf" }, output),
    field: "requests[0].inputConfig.content",
    says: /asynchronous/,
  },
  {
    title: "a file without a source",
    method: "BatchAnnotateFiles",
    request: oneFile({ mimeType: "application/pdf" }),
    field: "requests[0].inputConfig.gcsSource.uri",
    says: /Invalid Google Cloud Storage URI/,
  },
  {
    title: "six pages at once",
    method: "BatchAnnotateFiles",
    request: oneFile(pdf, { pages: [1, 2, 3, 4, 5, 6] }),
    field: "requests[0].pages",
    says: /At most 5/,
  },
  {
    title: "page 0",
    method: "BatchAnnotateFiles",
    request: oneFile(pdf, { pages: [0] }),
    field: "requests[0].pages",
    says: /no page 0/,
  },
  {
    title: "a label with a capital letter",
    method: "AsyncBatchAnnotateImages",
    request: { ...imagesRequest(1), labels: { Team: "a" } },
    field: 'labels["Team"]',
    says: /Team/,
  },
];

const parents = ["p", "projects/", "projects/p/locations/mars", "projects/p/zones/eu"];

describe("validation of the emulator", () => {
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start();
  });
  after(() => running.close());

  for (const { title, method, request, field, says } of refusals) {
    it(`refuses ${title} over gRPC`, async () => {
      const { code, message, details } = await running.call(method, request);
      expect(code).to.equal("INVALID_ARGUMENT");
      expect(message).to.match(says);
      const [badRequest] = details as { "@type": string; fieldViolations: { field: string }[] }[];
      expect(badRequest?.["@type"]).to.equal("type.googleapis.com/google.rpc.BadRequest");
      expect(badRequest?.fieldViolations.map((violation) => violation.field)).to.deep.equal([
        field,
      ]);
    });

    it(`refuses ${title} over REST`, async () => {
      const { status, body } = await running.rest("POST", paths[method], request);
      const error = body["error"] as RestError;
      expect({ status, code: error.code, name: error.status }).to.deep.equal({
        status: 400,
        code: 400,
        name: "INVALID_ARGUMENT",
      });
      expect(error.message).to.match(says);
      expect(error.details[0]?.fieldViolations.map((violation) => violation.field)).to.deep.equal([
        field,
      ]);
    });
  }

  for (const parent of parents) {
    it(`refuses the parent ${parent}`, async () => {
      const answer = await running.call("BatchAnnotateImages", { ...oneImage(gs), parent });
      expect(answer.code).to.equal("INVALID_ARGUMENT");
      expect(answer.message).to.match(/Invalid parent .* us, asia, eu/);
    });
  }

  it("names every field at fault in one answer", async () => {
    const request = { ...oneImage({ content: "aGk=" }, []), outputConfig: { batchSize: 500 } };
    const { details } = await running.call("AsyncBatchAnnotateImages", request);
    const { fieldViolations } = details[0] as { fieldViolations: { field: string }[] };
    expect(fieldViolations.map(({ field }) => field)).to.have.members([
      "requests[0].image.content",
      "requests[0].features",
      "outputConfig.gcsDestination.uri",
      "outputConfig.batchSize",
    ]);
  });

  it("accepts none of what it refuses", () => {
    expect(running.emulator.admin.submits()).to.deep.equal([]);
  });

  it("refuses a feature that only later versions have, but over REST, where all have it", async () => {
    const request = oneImage(gs, [{ type: "OBJECT_LOCALIZATION" }]);
    const service = "google.cloud.vision.v1p1beta1.ImageAnnotator";
    const numbered = oneImage(gs, [{ type: 19 }]);
    const refused = await running.call(`${service}/BatchAnnotateImages`, numbered);
    expect(refused.code).to.equal("INVALID_ARGUMENT");
    expect(refused.message).to.include("v1p1beta1.Feature.Type");
    const taken = await running.rest("POST", "/v1p1beta1/images:annotate", request);
    expect(taken.status).to.equal(200);
  });

  it("refuses a misspelt feature over REST with its name", async () => {
    const request = oneImage(gs, [{ type: "TEXT_DETEKTION" }]);
    const { body } = await running.rest("POST", paths.BatchAnnotateImages, request);
    expect((body["error"] as RestError).message).to.equal(
      "Invalid value at 'requests[0].features[0].type' (type.googleapis.com/google.cloud.vision.v1.Feature.Type), \"TEXT_DETEKTION\"",
    );
  });

  it("refuses a field that there is not, wherever it stands", async () => {
    const request = { requests: [{ image: { ...gs, url: "x" }, features }], labells: {} };
    const { status, body } = await running.rest("POST", paths.BatchAnnotateImages, request);
    expect(status).to.equal(400);
    expect((body["error"] as RestError).message.split("\n")).to.have.members([
      "Invalid JSON payload received. Unknown name \"url\" at 'requests[0].image': Cannot find field.",
      'Invalid JSON payload received. Unknown name "labells": Cannot find field.',
    ]);
  });

  for (const [title, text] of [
    ["broken JSON", '{"requests": ['],
    ["a JSON list", "[]"],
    ["a value of another type", '{"requests": "all"}'],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const { status, body } = await running.rest("POST", paths.BatchAnnotateImages, text);
      expect(status).to.equal(400);
      expect((body["error"] as RestError).message).to.match(/^Invalid JSON payload received/);
    });
  }

  it("refuses a body above 10 MB", async () => {
    const text = `{"parent": "${"x".repeat(10 * 1024 * 1024)}"}`;
    const { status, body } = await running.rest("POST", paths.BatchAnnotateImages, text);
    expect(status).to.equal(400);
    expect((body["error"] as RestError).message).to.equal(
      "Request payload size exceeds the limit: 10485760 bytes.",
    );
  });

  it("reads a gzipped body, and refuses one that is damaged or swells above 10 MB", async () => {
    const post = async (body: Uint8Array<ArrayBuffer>): Promise<string> => {
      const url = `${running.emulator.http}${paths.BatchAnnotateImages}`;
      const headers = { "content-encoding": "gzip", connection: "close" };
      const answer = await fetch(url, { method: "POST", headers, body });
      return ((await answer.json()) as { error: RestError }).error.message;
    };
    expect(await post(gzipSync('{"requests":[]}'))).to.include("at least one of its images");
    expect(await post(gzipSync('{"requests":[]}').subarray(0, 20))).to.include("Invalid gzip");
    expect(await post(gzipSync(Buffer.alloc(10 * 1024 * 1024 + 1, " ")))).to.equal(
      "Request payload size exceeds the limit: 10485760 bytes.",
    );
  });

  for (const path of ["/v1/images:explain", "//", "/v1/operations/%zz:cancel"]) {
    it(`answers 404 for ${path}, which is no method's, with a page as Google does`, async () => {
      const url = `${running.emulator.http}${path}`;
      const answer = await fetch(url, { method: "POST", headers: { connection: "close" } });
      expect(answer.status).to.equal(404);
      expect(await answer.text()).to.match(/<b>404.<\/b>.*was not found on this server/s);
    });
  }
});

interface RestError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details: { readonly fieldViolations: { readonly field: string }[] }[];
}
