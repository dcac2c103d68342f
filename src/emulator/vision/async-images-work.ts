import type { Operation } from "../operations/operation.ts";
import { Pace } from "../pace.ts";
import type { PlainJson } from "../plain-json.ts";
import { annotateImage } from "./annotate-image.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import {
  annotatorFeatures,
  imageUri,
  type AnnotateImageRequestJson,
  type ImagesRequestJson,
} from "./request-json.ts";
import { searchesMissingSet } from "./refuse-product-search.ts";
import type { ResponseTexts } from "./response-texts.ts";
import { shardRanges, writeShard, type ShardRange } from "./shard-writer.ts";

// Enough to keep the disk busy while the next shard's text is made, and few enough to bound memory.
const shardsInFlight = 4;

/** Annotates the images of an accepted request and writes each shard as soon as it is whole. */
export class AsyncImagesWork {
  readonly #parts: AnnotationParts;
  readonly #texts: ResponseTexts;
  readonly #request: ImagesRequestJson;

  constructor(parts: AnnotationParts, texts: ResponseTexts, request: ImagesRequestJson) {
    this.#parts = parts;
    this.#texts = texts;
    this.#request = request;
  }

  /** Answers the fields of AsyncBatchAnnotateImagesResponse. Per-image errors never fail the operation. */
  async run(operation: Operation): Promise<PlainJson> {
    const { requests = [], outputConfig } = this.#request;
    const ranges = [...shardRanges(requests.length, outputConfig)];
    const { clock, processingMsPerImage } = this.#parts;
    const simulated = processingMsPerImage > 0;
    const pace = new Pace(clock, processingMsPerImage);
    await mapConcurrently(ranges, simulated ? 1 : shardsInFlight, async (range) => {
      await this.#makeShard(range, { operation, pace });
    });
    return { outputConfig };
  }

  async #makeShard(
    range: ShardRange,
    { operation, pace }: { readonly operation: Operation; readonly pace: Pace },
  ): Promise<void> {
    const images = (this.#request.requests ?? []).slice(range.first - 1, range.last);
    await pace.take(images.length, operation.signal);
    const texts = await this.#textsOf(images, operation.signal);
    const text = `{"responses":[${texts.join(",")}]}`;
    await writeShard(this.#parts, this.#request.outputConfig, {
      ...{ method: "AsyncBatchAnnotateImages", range, text },
      signal: operation.signal,
    });
    operation.touch();
  }

  async #textsOf(
    images: readonly AnnotateImageRequestJson[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { productSets } = this.#parts;
    const annotator = await this.#parts.annotator();
    const recorded = images.map((request) =>
      searchesMissingSet(productSets, request)
        ? undefined
        : this.#texts.recorded(
            annotator,
            imageUri(request.image),
            annotatorFeatures(request.features),
          ),
    );
    if (!recorded.includes(undefined)) return recorded as readonly string[];
    return mapConcurrently(images, this.#parts.concurrency, async (request, index) => {
      const text = recorded[index];
      if (text !== undefined) return text;
      const response = await annotateImage(this.#parts, request, signal);
      return this.#texts.withContext(response, { uri: imageUri(request.image) });
    });
  }
}
