import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { maxImageBytes } from "../../protocol/limits.ts";
import { AnnotationPool, statusOf } from "./annotation-pool.ts";
import { toRequest } from "./annotation-request.ts";
import type {
  AnnotateContext,
  Annotator,
  AnnotatorOptions,
  OpenedFile,
} from "./annotator-types.ts";
import { answerFeatures } from "./feature-answers.ts";
import { selectFeatures, type Feature } from "./feature-fields.ts";
import { fileFormat, pagedFormats, type PagedFormat } from "./file-format.ts";
import { LocalFile, type AnnotatorParts } from "./opened-file.ts";
import { badImageMessage } from "./page-image.ts";
import { loadRecordedResponses } from "./recorded-folder.ts";
import type { AnnotateImageResponseJson, StatusJson } from "./response-json.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import type { SharedFile } from "./worker-messages.ts";

export type {
  AnnotateContext,
  Annotator,
  AnnotatorOptions,
  OpenedFile,
} from "./annotator-types.ts";
export type { Feature } from "./feature-fields.ts";
export type { AnnotateImageResponseJson } from "./response-json.ts";

const startTimeoutMs = 60_000;

/**
 * Builds an annotator. Threads start and packages load when the first image needs them.
 * @throws VisionBatchError when the folder of recorded responses cannot be used; RangeError for a
 * number of workers or a limit below 1.
 */
export function createAnnotator(options: AnnotatorOptions): Annotator {
  const workers = options.workers ?? Math.max(1, availableParallelism() - 1);
  const taskTimeoutMs = options.imageTimeoutMs ?? 30_000;
  if (!(workers >= 1)) throw new RangeError(`workers is ${workers}: it must be at least 1`);
  if (!(taskTimeoutMs >= 1)) {
    throw new RangeError(`imageTimeoutMs is ${taskTimeoutMs}: it must be at least 1`);
  }
  const workerUrl = new URL(`./annotator-worker${extname(import.meta.url)}`, import.meta.url);
  const { recordedDir } = options;
  return new LocalAnnotator({
    pool: new AnnotationPool({ workerUrl, workers, taskTimeoutMs, startTimeoutMs }),
    recordings: {
      responses: recordedDir === undefined ? undefined : loadRecordedResponses(recordedDir),
      standFor: options.recordedFor ?? "missing",
    },
    minWordConfidence: options.minWordConfidence,
  });
}

class LocalAnnotator implements Annotator {
  readonly #parts: AnnotatorParts;
  #lastFileId = 0;

  constructor(parts: AnnotatorParts) {
    this.#parts = parts;
  }

  async annotateImage(
    content: Uint8Array,
    features: readonly Feature[],
    context: AnnotateContext,
  ): Promise<AnnotateImageResponseJson> {
    context.signal?.throwIfAborted();
    const compute = async (asked: readonly Feature[]): Promise<AnnotateImageResponseJson> => {
      const problem = problemOf(content);
      if (problem !== undefined) return { error: problem };
      const request = toRequest(asked, context, this.#parts.minWordConfidence);
      return this.#parts.pool.annotateImage(content, request, context.signal);
    };
    const subject = { sha256: digestOf(content), uri: context.uri, compute };
    return answerFeatures(this.#parts.recordings, subject, features);
  }

  async openFile(content: Uint8Array, mimeType: string): Promise<OpenedFile> {
    const format = checkFormat(content, mimeType);
    const copy = new SharedArrayBuffer(content.byteLength);
    new Uint8Array(copy).set(content);
    this.#lastFileId += 1;
    const file: SharedFile = { id: this.#lastFileId, content: copy, format };
    const sha256 = digestOf(content);
    const { responses, standFor } = this.#parts.recordings;
    const recordedPages = standFor === "all" ? responses?.lastPage(sha256) : undefined;
    const pageCount = recordedPages ?? (await this.#parts.pool.countPages(file));
    return new LocalFile(this.#parts, { file, sha256: sha256(), pageCount });
  }

  recordedFor(uri: string, features?: readonly Feature[]): AnnotateImageResponseJson | undefined {
    const { responses, standFor } = this.#parts.recordings;
    if (standFor !== "all") return undefined;
    const recorded = responses?.findByUri(uri);
    if (recorded === undefined || features === undefined) return recorded;
    return selectFeatures(recorded, features);
  }

  close(): Promise<void> {
    return this.#parts.pool.close();
  }
}

function problemOf(content: Uint8Array): StatusJson | undefined {
  if (content.byteLength > maxImageBytes) {
    return statusOf("INVALID_ARGUMENT", "The image is larger than 20 MB.");
  }
  const format = fileFormat(content);
  if (format === "bmp" || format === "ico") {
    const name = format.toUpperCase();
    return statusOf(
      "UNIMPLEMENTED",
      `The service reads ${name} images, the emulator does not: use PNG to test with.`,
    );
  }
  const readable = format !== undefined && format !== "pdf";
  return readable ? undefined : statusOf("INVALID_ARGUMENT", badImageMessage);
}

function checkFormat(content: Uint8Array, mimeType: string): PagedFormat {
  const expected = pagedFormats.get(mimeType);
  if (expected === undefined) {
    const known = [...pagedFormats.keys()].join(", ");
    throw new UnreadableFileError(`The mime type ${mimeType} is none of ${known}.`);
  }
  if (fileFormat(content) !== expected) {
    throw new UnreadableFileError(`Bad image data: the content is not of type ${mimeType}.`);
  }
  return expected;
}

function digestOf(content: Uint8Array): () => string {
  let digest: string | undefined;
  return () => (digest ??= createHash("sha256").update(content).digest("hex"));
}
