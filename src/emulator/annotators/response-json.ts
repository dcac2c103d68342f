/** A JSON object whose fields this package passes on without looking at them. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `google.rpc.Status`; `code` is a number of `google.rpc.Code`. */
export interface StatusJson {
  readonly code: number;
  readonly message: string;
}

/** A corner in pixels, or from 0 to 1 in a normalised polygon; proto3 JSON leaves out a coordinate that is 0. */
export interface VertexJson {
  readonly x?: number;
  readonly y?: number;
}

/** A polygon of four corners, clockwise from the upper left: in pixels or normalised, never both. */
export interface BoundingPolyJson {
  readonly vertices?: readonly VertexJson[];
  readonly normalizedVertices?: readonly VertexJson[];
}

/** What follows a symbol: a space, the end of a line within a paragraph, or the end of a paragraph. */
export type BreakTypeJson = "SPACE" | "EOL_SURE_SPACE" | "LINE_BREAK";

/** What the service tells about a page, block, paragraph, word or symbol beside its text. */
export interface TextPropertyJson {
  readonly detectedLanguages?: readonly { readonly languageCode: string }[];
  readonly detectedBreak?: { readonly type: BreakTypeJson };
}

/** One character; `confidence` is from 0 to 1. */
export interface SymbolJson {
  readonly property?: TextPropertyJson;
  readonly boundingBox?: BoundingPolyJson;
  readonly text: string;
  readonly confidence: number;
}

/** One word; `confidence` is from 0 to 1. */
export interface WordJson {
  readonly property: TextPropertyJson;
  readonly boundingBox: BoundingPolyJson;
  readonly symbols: readonly SymbolJson[];
  readonly confidence: number;
}

/** One paragraph; `confidence` is the mean of its words'. */
export interface ParagraphJson {
  readonly boundingBox: BoundingPolyJson;
  readonly words: readonly WordJson[];
  readonly confidence: number;
}

/** One block of text; `confidence` is the mean of its words'. */
export interface BlockJson {
  readonly boundingBox: BoundingPolyJson;
  readonly paragraphs: readonly ParagraphJson[];
  readonly blockType: "TEXT";
  readonly confidence: number;
}

/** One page; width and height are pixels, or points of 1/72 inch for a page of a PDF. */
export interface PageJson {
  readonly property: TextPropertyJson;
  readonly width: number;
  readonly height: number;
  readonly blocks: readonly BlockJson[];
  readonly confidence: number;
}

/** `TextAnnotation`: the structure of a page and its whole text. */
export interface TextAnnotationJson {
  readonly pages: readonly PageJson[];
  readonly text: string;
}

/** `EntityAnnotation` as the text features use it: a text and where it stands. */
export interface TextEntityJson {
  readonly locale?: string;
  readonly description: string;
  readonly boundingPoly: BoundingPolyJson;
}

/** `ColorInfo`: channels from 0 to 255 (0 is left out), `score` and `pixelFraction` from 0 to 1. */
export interface ColorInfoJson {
  readonly color: { readonly red?: number; readonly green?: number; readonly blue?: number };
  readonly score: number;
  readonly pixelFraction: number;
}

/** `CropHint`: a crop, in pixels. */
export interface CropHintJson {
  readonly boundingPoly: BoundingPolyJson;
  readonly confidence: number;
  readonly importanceFraction: number;
}

/** `AnnotateImageResponse` in proto3 JSON form: an absent field has its default. */
export interface AnnotateImageResponseJson {
  readonly faceAnnotations?: readonly JsonObject[];
  readonly landmarkAnnotations?: readonly JsonObject[];
  readonly logoAnnotations?: readonly JsonObject[];
  readonly labelAnnotations?: readonly JsonObject[];
  readonly localizedObjectAnnotations?: readonly JsonObject[];
  readonly textAnnotations?: readonly TextEntityJson[];
  readonly fullTextAnnotation?: TextAnnotationJson;
  readonly safeSearchAnnotation?: JsonObject;
  readonly imagePropertiesAnnotation?: {
    readonly dominantColors: { readonly colors: readonly ColorInfoJson[] };
  };
  readonly cropHintsAnnotation?: { readonly cropHints: readonly CropHintJson[] };
  readonly webDetection?: JsonObject;
  readonly productSearchResults?: JsonObject;
  readonly error?: StatusJson;
  readonly context?: { readonly uri?: string; readonly pageNumber?: number };
}
