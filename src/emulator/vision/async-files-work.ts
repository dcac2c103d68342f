import { maxPagesPerFile } from "../../protocol/limits.ts";
import type { OpenedFile } from "../annotators/annotator.ts";
import type { Operation } from "../operations/operation.ts";
import { Pace } from "../pace.ts";
import type { PlainJson } from "../plain-json.ts";
import { ServiceError, statusToJson } from "../service-error.ts";
import { annotatePage, openRequestedFile } from "./annotate-pages.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import type { AnnotateFileRequestJson, FilesRequestJson } from "./request-json.ts";
import type { ResponseTexts } from "./response-texts.ts";
import { shardRanges, writeShard, type ShardRange } from "./shard-writer.ts";

const method = "AsyncBatchAnnotateFiles";

/**
 * Annotates the files of an accepted request, one after the other, and writes each shard as soon as
 * it is whole; shards are numbered by page for each file. A file that cannot be read gets one shard
 * `output-1-to-1.json` with `error`; where no file can be read, the operation fails with the first error.
 */
export class AsyncFilesWork {
  readonly #parts: AnnotationParts;
  readonly #texts: ResponseTexts;
  readonly #request: FilesRequestJson;

  constructor(parts: AnnotationParts, texts: ResponseTexts, request: FilesRequestJson) {
    this.#parts = parts;
    this.#texts = texts;
    this.#request = request;
  }

  /** Answers the fields of AsyncBatchAnnotateFilesResponse. */
  async run(operation: Operation): Promise<PlainJson> {
    const { requests = [] } = this.#request;
    const failures: { readonly request: AnnotateFileRequestJson; readonly error: ServiceError }[] =
      [];
    for (const request of requests) {
      try {
        await this.#parts.fileSlots.run(
          () => this.#annotateFile(request, operation),
          operation.signal,
        );
      } catch (error) {
        if (!(error instanceof UnreadableInput)) throw error;
        failures.push({ request, error: error.status });
      }
    }
    const [first] = failures;
    if (first !== undefined && failures.length === requests.length) throw first.error;
    for (const failure of failures) await this.#writeError(failure, operation.signal);
    return { responses: requests.map(({ outputConfig }) => ({ outputConfig })) };
  }

  async #annotateFile(request: AnnotateFileRequestJson, operation: Operation): Promise<void> {
    const file = await this.#open(request, operation.signal);
    const { clock, processingMsPerImage } = this.#parts;
    const pace = new Pace(clock, processingMsPerImage);
    try {
      for (const range of shardRanges(file.pageCount, request.outputConfig)) {
        await pace.take(range.last - range.first + 1, operation.signal);
        const text = await this.#shardText(file, request, { range, signal: operation.signal });
        await writeShard(this.#parts, request.outputConfig, {
          ...{ method, range, text },
          signal: operation.signal,
        });
        operation.touch();
      }
    } finally {
      await file.close();
    }
  }

  async #open(request: AnnotateFileRequestJson, signal: AbortSignal): Promise<OpenedFile> {
    try {
      const file = await openRequestedFile(this.#parts, request, signal);
      if (file.pageCount <= maxPagesPerFile) return file;
      await file.close();
      throw new ServiceError({
        code: "INVALID_ARGUMENT",
        message: `The file has ${file.pageCount} pages; at most ${maxPagesPerFile} are supported.`,
      });
    } catch (error) {
      throw error instanceof ServiceError ? new UnreadableInput(error) : error;
    }
  }

  async #shardText(
    file: OpenedFile,
    request: AnnotateFileRequestJson,
    { range, signal }: { readonly range: ShardRange; readonly signal: AbortSignal },
  ): Promise<string> {
    const { concurrency, productSets } = this.#parts;
    const pages = Array.from({ length: range.last - range.first + 1 }, (_, n) => range.first + n);
    const texts = await mapConcurrently(pages, concurrency, async (pageNumber) => {
      const response = await annotatePage({ file, productSets }, request, { pageNumber, signal });
      return this.#texts.withContext(response, {
        uri: request.inputConfig?.gcsSource?.uri,
        pageNumber,
      });
    });
    return `{"inputConfig":${JSON.stringify(request.inputConfig)},"responses":[${texts.join(",")}]}`;
  }

  async #writeError(
    { request, error }: { request: AnnotateFileRequestJson; error: ServiceError },
    signal: AbortSignal,
  ): Promise<void> {
    const { inputConfig, outputConfig } = request;
    const text = JSON.stringify({ inputConfig, error: statusToJson(error) });
    const range = { first: 1, last: 1 };
    await writeShard(this.#parts, outputConfig, { method, range, text, signal });
  }
}

/** Tells a file that cannot be read from an output that cannot be written. */
class UnreadableInput extends Error {
  readonly status: ServiceError;

  constructor(status: ServiceError) {
    super(status.message);
    this.status = status;
  }
}
