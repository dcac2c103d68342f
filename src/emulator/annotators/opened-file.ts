import type { AnnotationPool } from "./annotation-pool.ts";
import { toRequest } from "./annotation-request.ts";
import type { AnnotateContext, OpenedFile } from "./annotator-types.ts";
import { answerFeatures, type Recordings } from "./feature-answers.ts";
import type { Feature } from "./feature-fields.ts";
import type { AnnotateImageResponseJson } from "./response-json.ts";
import type { SharedFile } from "./worker-messages.ts";

/** What an annotator and its files work with. */
export interface AnnotatorParts {
  readonly pool: AnnotationPool;
  readonly recordings: Recordings;
  readonly minWordConfidence: number | undefined;
}

/** A file, and what is known of it. */
export interface FileParts {
  readonly file: SharedFile;
  readonly sha256: string;
  readonly pageCount: number;
}

/** A file whose pages are annotated in worker threads or found among recorded responses. */
export class LocalFile implements OpenedFile {
  readonly pageCount: number;
  readonly #parts: AnnotatorParts;
  readonly #sha256: string;
  #file: SharedFile | undefined;

  constructor(parts: AnnotatorParts, { file, sha256, pageCount }: FileParts) {
    this.#parts = parts;
    this.#file = file;
    this.#sha256 = sha256;
    this.pageCount = pageCount;
  }

  async annotatePage(
    pageNumber: number,
    features: readonly Feature[],
    context: AnnotateContext,
  ): Promise<AnnotateImageResponseJson> {
    context.signal?.throwIfAborted();
    const file = this.#file;
    if (file === undefined) throw new RangeError("the file is closed");
    if (!Number.isInteger(pageNumber) || pageNumber < 1 || pageNumber > this.pageCount) {
      throw new RangeError(`there is no page ${pageNumber}: the file has ${this.pageCount}`);
    }
    const { pool, recordings, minWordConfidence } = this.#parts;
    const compute = (asked: readonly Feature[]): Promise<AnnotateImageResponseJson> =>
      pool.annotatePage(
        { file, pageNumber },
        toRequest(asked, context, minWordConfidence),
        context.signal,
      );
    const { uri } = context;
    const subject = { sha256: () => this.#sha256, uri, pageNumber, compute };
    const response = await answerFeatures(recordings, subject, features);
    return { ...response, context: { ...(uri === undefined ? {} : { uri }), pageNumber } };
  }

  close(): Promise<void> {
    this.#file = undefined;
    return Promise.resolve();
  }
}
