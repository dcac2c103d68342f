import { VisionBatchError } from "../../../src/errors/index.ts";
import type { ApiVersion } from "../../../src/protocol/api-version.ts";
import { loadJsonCodec } from "../../../src/protocol/json-codec.ts";
import type { Exporter } from "../../../src/results/export/exporter.ts";
import type { ImageResponse, ResultRecord } from "../../../src/results/index.ts";

/** A response in record form, as the reader gives it. */
export async function toResponse(json: object, version: ApiVersion = "v1"): Promise<ImageResponse> {
  const codec = await loadJsonCodec(version);
  const typeName = `google.cloud.vision.${version}.AnnotateImageResponse`;
  return codec.fromJson(typeName, json, { enums: "name" });
}

/** A record of an image that was annotated. */
export async function succeeded(json: object, place: object = {}): Promise<ResultRecord> {
  const response = await toResponse(json);
  return { status: "succeeded", index: 0, uri: "gs://in/a.jpg", ...place, response };
}

/** One record after the other, as a stream. */
export async function* streamOf<T>(...records: readonly T[]): AsyncGenerator<T> {
  for (const record of records) {
    await Promise.resolve();
    yield record;
  }
}

/** All that an exporter writes. */
export async function exported(
  exporter: Exporter,
  ...records: readonly ResultRecord<ApiVersion>[]
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of exporter.export(streamOf(...records))) {
    parts.push(typeof part === "string" ? Buffer.from(part) : part);
  }
  return Buffer.concat(parts);
}

const square = (left: number, top: number, side: number) => ({
  vertices: [
    { x: left, y: top },
    { x: left + side, y: top },
    { x: left + side, y: top + side },
    { x: left, y: top + side },
  ],
});

const word = (text: string, left: number) => ({
  property: { detectedLanguages: [{ languageCode: "en", confidence: 0.5 }] },
  boundingBox: square(left, 20, 10),
  symbols: Array.from(text, (letter, place) => ({
    text: letter,
    ...(place === text.length - 1 ? { property: { detectedBreak: { type: "SPACE" } } } : {}),
  })),
  confidence: 0.75,
});

/** A response with annotations of every kind, and with members that no descriptor knows. */
export const everything = {
  faceAnnotations: [
    { boundingPoly: square(1, 1, 8), detectionConfidence: 0.5, joyLikelihood: "VERY_LIKELY" },
  ],
  landmarkAnnotations: [
    { mid: "/m/1", description: "Tower", score: 0.5, locations: [{ latLng: { latitude: 48.5 } }] },
  ],
  logoAnnotations: [
    { mid: "/m/2", description: "Brand", score: 0.25, boundingPoly: square(4, 4, 6) },
  ],
  labelAnnotations: [
    {
      mid: "/m/3",
      description: "=SUM(A1)",
      score: 0.875,
      topicality: 0.5,
      newMember: { deep: [1] },
    },
  ],
  localizedObjectAnnotations: [
    {
      ...{ mid: "/j/5", name: "Cat", score: 0.5 },
      boundingPoly: {
        normalizedVertices: [{ x: 0.25 }, { x: 0.5 }, { x: 0.5, y: 0.5 }, { x: 0.25, y: 0.5 }],
      },
    },
  ],
  textAnnotations: [{ locale: "en", description: 'say "hi", A' }, { description: "say" }],
  fullTextAnnotation: {
    pages: [
      {
        ...{ width: 200, height: 100 },
        blocks: [{ paragraphs: [{ words: [word('"hi",', 40), word("A", 60)] }] }],
      },
    ],
    text: '"hi", A',
  },
  safeSearchAnnotation: { adult: "VERY_UNLIKELY", racy: "NOT_YET_NAMED" },
  imagePropertiesAnnotation: {
    dominantColors: {
      colors: [{ color: { red: 255, blue: 16 }, score: 0.5, pixelFraction: 0.25 }],
    },
  },
  cropHintsAnnotation: {
    cropHints: [{ boundingPoly: square(2, 2, 50), confidence: 0.5, importanceFraction: 1.25 }],
  },
  webDetection: {
    webEntities: [{ entityId: "/m/4", score: 1470.5, description: "Street\nsign" }],
    bestGuessLabels: [{ label: "sign", languageCode: "en" }],
    pagesWithMatchingImages: [{ url: "https://example.com/p", pageTitle: "P" }],
    visuallySimilarImages: [{ url: "https://example.com/i.jpg" }],
  },
  productSearchResults: {
    indexTime: "2026-01-02T03:04:05.123456789Z",
    results: [{ product: { name: "projects/p/products/1", displayName: "Shoe" }, score: 0.5 }],
  },
};

/** Records of every status. */
export async function recordsOfEveryStatus(): Promise<readonly ResultRecord[]> {
  const details = [
    { typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value: { reason: "R", domain: "d" } },
    { typeUrl: "type.googleapis.com/example.New", bytes: Buffer.from([1, 2]) },
  ];
  const denied = { code: "PERMISSION_DENIED", message: "no", details } as const;
  const error = new VisionBatchError("the shard is cut off", { cause: new Error("EOF") });
  const label = await toResponse({ labelAnnotations: [{ description: "Sky", score: 0.5 }] });
  return [
    await succeeded(everything),
    { status: "partial", index: 1, uri: "gs://in/b.pdf", page: 2, response: label, error: denied },
    { status: "failed", index: 2, uri: "gs://in/c.jpg", error: denied },
    { status: "missing", index: 3, uri: "gs://in/d.jpg", error },
    { status: "notSubmitted", index: 4, uri: "gs://in/e.jpg" },
  ];
}
