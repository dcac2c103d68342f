import { expect } from "chai";
import { InvalidRequestError, type RequestProblem } from "../../src/errors/index.ts";
import type { ApiVersion } from "../../src/protocol/api-version.ts";
import { featureNumbers, featuresOfVersion } from "../../src/protocol/features.ts";
import * as v1 from "../../src/protocol/v1.ts";
import * as v1p1beta1 from "../../src/protocol/v1p1beta1.ts";
import * as v1p2beta1 from "../../src/protocol/v1p2beta1.ts";
import * as v1p3beta1 from "../../src/protocol/v1p3beta1.ts";
import * as v1p4beta1 from "../../src/protocol/v1p4beta1.ts";
import type { AnnotateMethod } from "../../src/protocol/version-methods.ts";
import { prepareRequest } from "../../src/requests/index.ts";

const versions = { v1, v1p1beta1, v1p2beta1, v1p3beta1, v1p4beta1 } as const;
const image = (uri: string) => ({
  image: { source: { imageUri: uri } },
  features: [{ type: "TEXT_DETECTION" as const }],
});
const outputConfig = { gcsDestination: { uri: "gs://out-bucket/prefix/" } };

/** Passes what the types would refuse, as plain JavaScript callers do. */
function prepareUntyped(version: ApiVersion, method: AnnotateMethod, init: unknown): object {
  return prepareRequest(version, method as never, init as never);
}

function problemsOf(version: ApiVersion, method: AnnotateMethod, init: unknown) {
  try {
    prepareUntyped(version, method, init);
  } catch (error) {
    expect(error).to.be.instanceOf(InvalidRequestError);
    return (error as InvalidRequestError).problems;
  }
  return [];
}

/** The problems of an asynchronous images request of v1 with these changes. */
function imagesProblems(changes: object): readonly RequestProblem[] {
  const valid = { requests: [image("gs://bucket/a.png")], outputConfig };
  return problemsOf("v1", "asyncBatchAnnotateImages", { ...valid, ...changes });
}

function fileProblems(changes: object, version: ApiVersion = "v1"): readonly RequestProblem[] {
  const valid = {
    inputConfig: { gcsSource: { uri: "gs://bucket/a.pdf" }, mimeType: "application/pdf" },
    features: [{ type: "DOCUMENT_TEXT_DETECTION" }],
    outputConfig,
  };
  return problemsOf(version, "asyncBatchAnnotateFiles", { requests: [{ ...valid, ...changes }] });
}

const fieldsOf = (problems: readonly RequestProblem[]) => problems.map(({ field }) => field);

describe("prepareRequest", () => {
  describe("on a valid request", () => {
    it("yields what the generated message makes of the same fields", () => {
      const context = {
        latLongRect: {
          minLatLng: { latitude: -10.5, longitude: 0 },
          maxLatLng: { latitude: 10, longitude: 180 },
        },
        languageHints: ["en", "th"],
        cropHintsParams: { aspectRatios: [1.5, 0.75] },
        productSearchParams: {
          boundingPoly: { vertices: [{ x: 1 }, { y: 2 }], normalizedVertices: [{ x: 0.5, y: 1 }] },
          productSet: "projects/p/locations/us-west1/productSets/s",
          productCategories: ["general-v1"],
          filter: "color = red",
        },
        webDetectionParams: { includeGeoResults: true },
        textDetectionParams: {
          enableTextDetectionConfidenceScore: true,
          advancedOcrOptions: ["legacy_layout"],
        },
      };
      const request = (type: unknown) => ({
        requests: [
          {
            image: { source: { imageUri: "gs://bucket/ä b.png" } },
            features: [{ type, maxResults: 7, model: "builtin/latest" }],
            imageContext: context,
          },
          { image: { source: { gcsImageUri: "gs://bucket/b" } }, features: [{ type }] },
        ],
        outputConfig: { ...outputConfig, batchSize: 100 },
        parent: "projects/p/locations/eu",
        labels: { team: "archive-1", größe: "" },
      });
      const ours = prepareUntyped("v1", "asyncBatchAnnotateImages", request("LABEL_DETECTION"));
      const type = v1.AsyncBatchAnnotateImagesRequest;
      expect(type.encode(ours as v1.AsyncBatchAnnotateImagesRequest).finish()).to.deep.equal(
        type.encode(type.fromPartial(request(4) as never)).finish(),
      );
    });

    for (const [version, method, type] of methodTypes()) {
      it(`fills every field of ${version} ${method} and knows no other`, () => {
        const expected = (type as typeof v1.BatchAnnotateImagesRequest).fromPartial({});
        const problems = problemsOf(version, method, { zzzzzzzz: 1 });
        expect(fieldsOf(problems)).to.include("zzzzzzzz");
        const prepared = prepareUntyped(version, method, smallest(method));
        expect(Object.keys(prepared)).to.have.members(withoutUnknown(expected));
        const [first] = (prepared as { requests: Record<string, unknown>[] }).requests;
        expect(Object.keys(first ?? {})).to.have.members(withoutUnknown(itemOf(version, method)));
      });
    }

    it("keeps the output prefix as it is", () => {
      const uri = "gs://out-bucket/some/pre fix";
      const prepared = prepareRequest("v1", "asyncBatchAnnotateImages", {
        requests: [image("gs://bucket/a.png")],
        outputConfig: { gcsDestination: { uri } },
      }) as v1.AsyncBatchAnnotateImagesRequest;
      expect(prepared.outputConfig?.gcsDestination?.uri).to.equal(uri);
    });

    it("takes a decoded message, with its empty and its unknown fields", () => {
      const type = v1.AsyncBatchAnnotateImagesRequest;
      const decoded = type.fromPartial({
        requests: [{ image: { source: { imageUri: "gs://bucket/a" } }, features: [{ type: 5 }] }],
        outputConfig,
        _unknownFields: { 802: [Uint8Array.of(1, 120)] },
      });
      decoded._unknownFields = { 802: [Uint8Array.of(1, 120)] };
      const prepared = prepareUntyped("v1", "asyncBatchAnnotateImages", decoded);
      expect(type.encode(prepared as v1.AsyncBatchAnnotateImagesRequest).finish()).to.deep.equal(
        type.encode(decoded).finish(),
      );
    });

    it("takes bytes and http sources where the answer comes at once", () => {
      const features = [{ type: 5 as const }];
      prepareRequest("v1", "batchAnnotateImages", {
        requests: [
          { image: { content: Buffer.from("png") }, features },
          { image: { source: { imageUri: "https://example.com/a.png" } }, features },
        ],
      });
    });

    it("takes the largest batch and no more", () => {
      const images = (count: number) => ({
        requests: Array.from({ length: count }, () => image("gs://bucket/a")),
      });
      expect(imagesProblems(images(2000))).to.deep.equal([]);
      expect(imagesProblems(images(2001))[0]?.message).to.contain("2001 images");
      expect(problemsOf("v1", "batchAnnotateImages", images(16))).to.deep.equal([]);
      expect(problemsOf("v1", "batchAnnotateImages", images(17))).to.have.length(1);
      expect(imagesProblems({ requests: [] })).to.have.length(1);
    });
  });

  describe("on an invalid request", () => {
    for (const unknown of [{ a: [Uint8Array.of(1)] }, { 802: ["text"] }, { 802: "text" }, "text"]) {
      it(`refuses unknown fields that no message was decoded with: ${JSON.stringify(unknown)}`, () => {
        const request = { requests: [image("gs://bucket/a")], outputConfig };
        const problems = imagesProblems({ ...request, _unknownFields: unknown });
        expect(problems.map(({ field }) => field)).to.deep.equal(["_unknownFields"]);
      });
    }

    it("lists every problem with its path and value", () => {
      const problems = imagesProblems({
        requests: [
          image("https://example.com/a.png"),
          { image: { source: { imageUri: "gs://bucket/b" } }, features: [] },
          { ...image("gs://bucket/c"), features: [{ type: "TEXT_DETECTON", maxResults: -1 }] },
        ],
        outputConfig: { gcsDestination: { uri: "s3://bucket/" }, batchSize: 500 },
      });
      expect(problems.map(({ field, value }) => [field, value])).to.deep.equal([
        ["requests[0].image.source.imageUri", "https://example.com/a.png"],
        ["requests[1].features", "[0 items]"],
        ["requests[2].features[0].type", "TEXT_DETECTON"],
        ["requests[2].features[0].maxResults", -1],
        ["outputConfig.gcsDestination.uri", "s3://bucket/"],
        ["outputConfig.batchSize", 500],
      ]);
      expect(problems[2]?.message).to.contain("did you mean TEXT_DETECTION");
    });

    it("reports a fault of a shared list of features at each image", () => {
      const features = [{ type: "NO_SUCH" }];
      const requests = ["a", "b"].map((name) => ({ ...image(`gs://bucket/${name}`), features }));
      expect(fieldsOf(imagesProblems({ requests }))).to.deep.equal([
        "requests[0].features[0].type",
        "requests[1].features[0].type",
      ]);
    });

    it("names the field that a misspelt one most likely means", () => {
      const [misspelt] = imagesProblems({ output_config: outputConfig });
      expect(misspelt).to.include({ field: "output_config" });
      expect(misspelt?.message).to.contain("did you mean outputConfig");
      const [nested] = imagesProblems({ outputConfig: { ...outputConfig, batchsize: 5 } });
      expect(nested?.message).to.contain("did you mean batchSize");
      const [far] = imagesProblems({ completelyElse: 1 });
      expect(far?.message).to.equal("is not a field here");
    });

    const badUris: Readonly<Record<string, unknown>> = {
      "another scheme": "s3://bucket/a",
      "no object": "gs://bucket/",
      "no slash": "gs://bucket",
      "a bucket in capitals": "gs://Bucket/a",
      "a bucket that is too short": "gs://ab/a",
      "a bucket that ends in a dash": "gs://bucket-/a",
      "a line break": "gs://bucket/a\nb",
      "half a character": "gs://bucket/a\ud800",
      "a long name": `gs://bucket/${"ä".repeat(513)}`,
      "a number": 7,
      null: null,
    };
    for (const [what, uri] of Object.entries(badUris)) {
      it(`refuses ${what} as a source`, () => {
        const requests = [{ ...image(""), image: { source: { imageUri: uri } } }];
        expect(fieldsOf(imagesProblems({ requests }))).to.deep.equal([
          "requests[0].image.source.imageUri",
        ]);
      });
    }

    it("shortens a long value", () => {
      const requests = [image(`gs://bucket/${"a".repeat(2000)}`)];
      expect(imagesProblems({ requests })[0]?.value).to.have.length(80);
    });

    it("refuses images that would be read from nowhere or from one of two places", () => {
      const problem = (value: unknown) =>
        fieldsOf(imagesProblems({ requests: [{ ...image(""), image: value }] })).join();
      expect(problem(undefined)).to.equal("requests[0].image");
      expect(problem({})).to.equal("requests[0].image.source");
      expect(problem({ source: {} })).to.equal("requests[0].image.source.imageUri");
      expect(
        problem({ source: { imageUri: "gs://bucket/a", gcsImageUri: "gs://bucket/b" } }),
      ).to.equal("requests[0].image.source.gcsImageUri");
      expect(problem({ content: Buffer.from("x") })).to.equal("requests[0].image.content");
      const both = { content: Buffer.from("x"), source: { imageUri: "gs://bucket/a" } };
      const sync = { requests: [{ ...image(""), image: both }] };
      expect(fieldsOf(problemsOf("v1", "batchAnnotateImages", sync)).join()).to.equal(
        "requests[0].image.source",
      );
    });

    it("refuses wrong types wherever they stand", () => {
      const sparse: unknown[] = [image("gs://bucket/a")];
      sparse[2] = null;
      expect(fieldsOf(imagesProblems({ requests: sparse }))).to.deep.equal([
        "requests[1]",
        "requests[2]",
      ]);
      expect(fieldsOf(imagesProblems({ requests: {} }))).to.deep.equal(["requests"]);
      expect(fieldsOf(imagesProblems({ outputConfig: "gs://b/" }))).to.deep.equal(["outputConfig"]);
      for (const request of [null, undefined, 3, "x", []]) {
        expect(fieldsOf(problemsOf("v1", "asyncBatchAnnotateImages", request))).to.deep.equal([
          "request",
        ]);
      }
    });

    it("refuses a missing output and a batch size out of range", () => {
      expect(fieldsOf(imagesProblems({ outputConfig: undefined }))).to.deep.equal(["outputConfig"]);
      expect(fieldsOf(imagesProblems({ outputConfig: {} }))).to.deep.equal([
        "outputConfig.gcsDestination",
      ]);
      for (const batchSize of [-1, 101, 1.5, "20", null, Number.NaN]) {
        const changed = { outputConfig: { ...outputConfig, batchSize } };
        expect(fieldsOf(imagesProblems(changed)), String(batchSize)).to.deep.equal([
          "outputConfig.batchSize",
        ]);
      }
      expect(imagesProblems({ outputConfig: { ...outputConfig, batchSize: 0 } })).to.have.length(0);
    });

    it("refuses features that are none, or that the version does not have", () => {
      const message = (version: ApiVersion, type: unknown) =>
        problemsOf(version, "batchAnnotateImages", {
          requests: [{ ...image("gs://bucket/a"), features: [{ type }] }],
        })[0]?.message;
      expect(message("v1", "TYPE_UNSPECIFIED")).to.contain("names no feature");
      expect(message("v1", 0)).to.contain("names no feature");
      expect(message("v1", 8)).to.contain("number");
      expect(message("v1", "toString")).to.contain("expected one of");
      expect(message("v1", undefined)).to.contain("required");
      expect(message("v1", 19)).to.equal(undefined);
      expect(message("v1p2beta1", "OBJECT_LOCALIZATION")).to.contain("v1p2beta1");
      expect(message("v1p2beta1", 19)).to.contain("v1p2beta1");
    });

    it("refuses a parent of another form and labels against their rules", () => {
      for (const parent of ["p", "projects/", "projects/p/locations/mars", "projects/p/x/us"]) {
        expect(fieldsOf(imagesProblems({ parent })), parent).to.deep.equal(["parent"]);
      }
      for (const parent of ["projects/p", "projects/example.com:p/locations/us", ""]) {
        expect(imagesProblems({ parent }), parent).to.deep.equal([]);
      }
      const labels = { Team: "a", team: "A", "1st": "a", ok: 7, long: "x".repeat(64) };
      expect(fieldsOf(imagesProblems({ labels }))).to.deep.equal([
        "labels.Team",
        "labels.team",
        'labels["1st"]',
        "labels.ok",
        "labels.long",
      ]);
      const prefix = problemsOf("v1p4beta1", "asyncBatchAnnotateImages", {
        requests: [image("gs://bucket/a")],
        outputConfig,
        parent: "projects/p",
        labels: {},
      });
      expect(fieldsOf(prefix)).to.deep.equal(["parent", "labels"]);
    });

    it("refuses hints out of range and hints that the version does not have", () => {
      const problems = (imageContext: unknown, version: ApiVersion = "v1") =>
        fieldsOf(
          problemsOf(version, "batchAnnotateImages", {
            requests: [{ ...image("gs://bucket/a"), imageContext }],
          }),
        ).map((field) => field.replace("requests[0].imageContext.", ""));
      expect(
        problems({ latLongRect: { minLatLng: { latitude: 91, longitude: -181 } } }),
      ).to.deep.equal(["latLongRect.minLatLng.latitude", "latLongRect.minLatLng.longitude"]);
      expect(problems({ cropHintsParams: { aspectRatios: [0, 1, Infinity] } })).to.deep.equal([
        "cropHintsParams.aspectRatios[0]",
        "cropHintsParams.aspectRatios[2]",
      ]);
      expect(problems({ languageHints: "en" })).to.deep.equal(["languageHints"]);
      expect(problems({ faceRecognitionParams: {} })).to.deep.equal(["faceRecognitionParams"]);
      expect(problems({ faceRecognitionParams: {} }, "v1p4beta1")).to.deep.equal([]);
      expect(problems({ productSearchParams: {} }, "v1p2beta1")).to.deep.equal([
        "productSearchParams",
      ]);
    });
  });

  describe("on files", () => {
    it("takes the file types of the service only", () => {
      for (const mimeType of ["application/pdf", "image/tiff", "image/gif"]) {
        const inputConfig = { gcsSource: { uri: "gs://bucket/a" }, mimeType };
        expect(fileProblems({ inputConfig })).to.deep.equal([]);
      }
      for (const mimeType of ["image/png", "", undefined, "image/*"]) {
        const inputConfig = { gcsSource: { uri: "gs://bucket/a" }, mimeType };
        expect(fieldsOf(fileProblems({ inputConfig }))).to.deep.equal([
          "requests[0].inputConfig.mimeType",
        ]);
      }
    });

    it("refuses content, and has no such field in the versions without it", () => {
      const inputConfig = { content: Buffer.from("%PDF"), mimeType: "application/pdf" };
      expect(fileProblems({ inputConfig })[0]?.message).to.contain("gs:// URIs only");
      expect(fileProblems({ inputConfig }, "v1p3beta1").map(({ message }) => message)).to.include(
        "is not a field here",
      );
    });

    it("refuses pages where none can be chosen", () => {
      expect(fieldsOf(fileProblems({ pages: [1] }))).to.deep.equal(["requests[0].pages"]);
    });

    it("refuses two files with one output prefix", () => {
      const file = {
        inputConfig: { gcsSource: { uri: "gs://bucket/a.pdf" }, mimeType: "application/pdf" },
        features: [{ type: "TEXT_DETECTION" }],
        outputConfig,
      };
      const problems = problemsOf("v1", "asyncBatchAnnotateFiles", { requests: [file, file] });
      expect(fieldsOf(problems)).to.deep.equal(["requests[1]"]);
    });

    it("takes one file of at most five pages at once", () => {
      const file = (pages: readonly unknown[]) => ({
        inputConfig: { content: Buffer.from("%PDF"), mimeType: "application/pdf" },
        features: [{ type: "TEXT_DETECTION" }],
        pages,
      });
      const problems = (...requests: object[]) =>
        fieldsOf(problemsOf("v1", "batchAnnotateFiles", { requests }));
      expect(problems(file([1, 2, -1, 4, 5]))).to.deep.equal([]);
      expect(problems(file([1, 2, 3, 4, 5, 6]))).to.deep.equal(["requests[0].pages"]);
      expect(problems(file([0, 1.5]))).to.deep.equal([
        "requests[0].pages[0]",
        "requests[0].pages[1]",
      ]);
      expect(problems(file([1]), file([1]))).to.deep.equal(["requests"]);
    });
  });
});

describe("features by version", () => {
  for (const [version, messages] of Object.entries(versions)) {
    it(`are those of the enum of ${version}`, () => {
      const { TYPE_UNSPECIFIED: _, ...expected } = messages.Feature_Type;
      const ours = featuresOfVersion[version as ApiVersion].map((name) => [
        name,
        featureNumbers[name],
      ]);
      expect(Object.fromEntries(ours)).to.deep.equal(expected);
    });
  }
});

function methodTypes(): [ApiVersion, AnnotateMethod, unknown][] {
  const methods = [
    "batchAnnotateImages",
    "batchAnnotateFiles",
    "asyncBatchAnnotateImages",
    "asyncBatchAnnotateFiles",
  ] as const;
  return Object.entries(versions).flatMap(([version, messages]) =>
    methods.flatMap((method): [ApiVersion, AnnotateMethod, unknown][] => {
      const name = `${method.charAt(0).toUpperCase()}${method.slice(1)}Request`;
      const type = (messages as Record<string, unknown>)[name];
      return type === undefined ? [] : [[version as ApiVersion, method, type]];
    }),
  );
}

function itemOf(version: ApiVersion, method: AnnotateMethod): object {
  const name = {
    batchAnnotateImages: "AnnotateImageRequest",
    asyncBatchAnnotateImages: "AnnotateImageRequest",
    batchAnnotateFiles: "AnnotateFileRequest",
    asyncBatchAnnotateFiles: "AsyncAnnotateFileRequest",
  }[method];
  const messages = versions[version] as unknown as Record<string, typeof v1.AnnotateImageRequest>;
  return messages[name]?.fromPartial({}) ?? {};
}

function withoutUnknown(message: object): string[] {
  return Object.keys(message).filter((key) => key !== "_unknownFields");
}

function smallest(method: AnnotateMethod): object {
  const file = {
    inputConfig: { gcsSource: { uri: "gs://bucket/a.pdf" }, mimeType: "application/pdf" },
    features: [{ type: 5 }],
  };
  return {
    batchAnnotateImages: { requests: [image("gs://bucket/a")] },
    batchAnnotateFiles: { requests: [file] },
    asyncBatchAnnotateImages: { requests: [image("gs://bucket/a")], outputConfig },
    asyncBatchAnnotateFiles: { requests: [{ ...file, outputConfig }] },
  }[method];
}
