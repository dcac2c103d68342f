import type { ApiVersion } from "../../protocol/api-version.ts";
import type { PageSize } from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import { boxAround, type Point, type SizeOf } from "./annotation-box.ts";
import { DeflatedList } from "./coco-list.ts";
import type { Exporter } from "./exporter.ts";
import type { FlatAnnotation } from "./flat-annotation.ts";
import { flatAnnotations, responseSize } from "./flat-annotations.ts";

/** Kinds of annotations that have a box of their own. */
export type CocoKind = "object" | "face" | "logo" | "landmark" | "word" | "crop_hint" | "product";

/** What a COCO file cannot tell of an image. */
export interface CocoOmission {
  /** The URI of the image or document. */
  readonly uri: string;
  /** The page of a document, from 1; absent for an image. */
  readonly page?: number;
  /**
   * `annotations`: boxes that are told as fractions of a size that nothing tells; they are left out.
   * `size`: the image stands without width and height, its boxes are told in pixels.
   */
  readonly omitted: "annotations" | "size";
  /** Annotations that are left out, or that stand in the image without a size. */
  readonly count: number;
}

/** Options of {@link createCocoExporter}. */
export interface CocoExportOptions {
  /** What becomes an annotation. Default objects, faces and logos. */
  readonly kinds?: readonly CocoKind[] | undefined;
  /** Tells the sizes that responses do not tell: only those with text do. */
  readonly sizeOf?: SizeOf | undefined;
  /** The `file_name` of an image. Default: the path of its URI, with `#page=N` after it for a page. */
  readonly fileName?: ((uri: string, page: number | undefined) => string) | undefined;
  /** Hears of what is not told, as it happens. Default: nobody does. */
  readonly onOmission?: ((omission: CocoOmission) => void) | undefined;
}

const defaultKinds: readonly CocoKind[] = ["object", "face", "logo"];

/**
 * Writes a COCO dataset for object detection: every record that has a response is an image; annotations
 * have `bbox`, `segmentation`, `area` and `score`, words also `utf8_string`. Categories are the names of
 * objects, logos, landmarks and products under the supercategory of their kind, and `face`, `word` and
 * `crop_hint`. Annotations are written as they come; the images, which COCO lists apart, are kept
 * compressed, some 20 bytes each, until the end.
 */
export function createCocoExporter(options: CocoExportOptions = {}): Exporter {
  return {
    mediaType: "application/json",
    extension: "json",
    export: (records) => toCoco(records, options),
  };
}

async function* toCoco(
  records: AsyncIterable<ResultRecord<ApiVersion>>,
  options: CocoExportOptions,
): AsyncGenerator<string> {
  const dataset = new Dataset(options);
  yield '{"info":{"description":"Google Cloud Vision annotations"},"annotations":[';
  let first = true;
  for await (const record of records) {
    if (!("response" in record)) continue;
    const annotations = await dataset.add(record);
    if (annotations.length === 0) continue;
    yield (first ? "" : ",") + annotations.map((each) => JSON.stringify(each)).join(",\n");
    first = false;
  }
  yield '],"images":[';
  yield* dataset.images.read();
  yield `],"categories":${JSON.stringify(dataset.categories())}}\n`;
}

class Dataset {
  readonly images = new DeflatedList();
  readonly #options: CocoExportOptions;
  readonly #kinds: ReadonlySet<string>;
  readonly #categories = new Map<string, { id: number; name: string; supercategory: string }>();
  #annotations = 0;

  constructor(options: CocoExportOptions) {
    this.#options = options;
    this.#kinds = new Set(options.kinds ?? defaultKinds);
  }

  /** Adds the image of a record and returns its annotations. */
  async add(record: ResultRecord<ApiVersion>): Promise<readonly object[]> {
    const { uri, page } = record;
    const { sizeOf, fileName = pathOf } = this.#options;
    const size = responseSize(record) ?? (await sizeOf?.(uri, page));
    const image = this.images.length + 1;
    const place = { id: image, file_name: fileName(uri, page), coco_url: uri };
    this.images.push(JSON.stringify({ ...place, ...size }));
    const boxed = flatAnnotations(record, size).filter(
      ({ kind, polygon }) => this.#kinds.has(kind) && polygon !== undefined,
    );
    const annotations = boxed.flatMap((each) => this.#annotation(each, image) ?? []);
    this.#tell(record, "annotations", boxed.length - annotations.length);
    if (size === undefined) this.#tell(record, "size", annotations.length);
    return annotations;
  }

  /** The categories of all annotations, by their ids. */
  categories(): readonly object[] {
    return [...this.#categories.values()];
  }

  #annotation(annotation: FlatAnnotation, image: number): object | undefined {
    const points = annotation.polygon?.pixels;
    if (points === undefined) return undefined;
    const { x, y, width, height } = boxAround(points);
    const outline = points.length > 2 ? points : cornersOf({ x, y, width, height });
    const { kind, description, score = annotation.confidence } = annotation;
    this.#annotations++;
    return {
      ...{ id: this.#annotations, image_id: image, category_id: this.#category(annotation) },
      ...{ bbox: [x, y, width, height], area: areaOf(outline), iscrowd: 0 },
      ...{ segmentation: [outline.flat()], score },
      ...(kind === "word" ? { utf8_string: description } : {}),
    };
  }

  #category({ kind, description }: FlatAnnotation): number {
    const unnamed = kind === "face" || kind === "word" || kind === "crop_hint";
    const name = unnamed ? kind : (description ?? kind);
    const key = `${kind} ${name}`;
    const found = this.#categories.get(key);
    if (found !== undefined) return found.id;
    const id = this.#categories.size + 1;
    this.#categories.set(key, { id, name, supercategory: kind });
    return id;
  }

  #tell({ uri, page }: ResultRecord<ApiVersion>, omitted: CocoOmission["omitted"], count: number) {
    const place = { uri, ...(page === undefined ? {} : { page }) };
    if (count > 0) this.#options.onOmission?.({ ...place, omitted, count });
  }
}

/** Some boxes are told by two opposite corners. */
function cornersOf({ x, y, width, height }: PageSize & { x: number; y: number }): readonly Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** By the shoelace formula. */
function areaOf(points: readonly Point[]): number {
  let doubled = 0;
  let [lastX, lastY] = points.at(-1) ?? [0, 0];
  for (const [x, y] of points) {
    doubled += lastX * y - x * lastY;
    [lastX, lastY] = [x, y];
  }
  return Math.abs(doubled) / 2;
}

function pathOf(uri: string, page: number | undefined): string {
  const path = uri.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*\//i, "");
  return page === undefined ? path : `${path}#page=${page}`;
}
