import type { NamedRecord } from "../../src/report/index.ts";

/** A record with the same text wherever a record has any. */
export function injectedRecord(index: number, text: string): NamedRecord<"v1"> {
  const vertices = [
    { x: 1, y: 1 },
    { x: 90, y: 1 },
    { x: 90, y: 40 },
    { x: 1, y: 40 },
  ];
  const boundingPoly = { vertices };
  const word = { boundingBox: boundingPoly, symbols: [{ text }] };
  return {
    ...{ status: "partial", index, uri: `gs://in/${text}/${text}`, input: text },
    error: { code: "UNKNOWN", message: text, details: [] },
    response: {
      fullTextAnnotation: {
        text,
        pages: [
          {
            ...{ width: 100, height: 50 },
            property: { detectedLanguages: [{ languageCode: text }] },
            blocks: [{ paragraphs: [{ words: [word] }] }],
          },
        ],
      },
      labelAnnotations: [{ description: text, score: 0.5 }],
      logoAnnotations: [{ description: text, boundingPoly }],
      landmarkAnnotations: [{ description: text, boundingPoly }],
      localizedObjectAnnotations: [{ name: text, boundingPoly }],
      faceAnnotations: [{ boundingPoly, joyLikelihood: text }],
      safeSearchAnnotation: { adult: text },
      webDetection: {
        webEntities: [{ description: text }],
        pagesWithMatchingImages: [{ url: text }],
      },
    },
  };
}
