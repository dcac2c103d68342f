import {
  codeNumbers,
  MissingPackageError,
  VisionBatchError,
  type Code,
} from "../../errors/index.ts";
import { TaskTimeoutError, WorkerCrashedError } from "./pool-errors.ts";
import type { AnnotateImageResponseJson, StatusJson } from "./response-json.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import type {
  AnnotationRequest,
  AnnotatorReply,
  AnnotatorTask,
  SharedFile,
} from "./worker-messages.ts";
import { WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";

/** A page to annotate. */
export interface PageOfFile {
  readonly file: SharedFile;
  /** 1-based. */
  readonly pageNumber: number;
}

/** Annotates in worker threads; what goes wrong with an image becomes the status of its response. */
export class AnnotationPool {
  readonly #pool: WorkerPool<AnnotatorReply>;

  constructor(options: WorkerPoolOptions) {
    this.#pool = new WorkerPool(options);
  }

  /** @throws MissingPackageError, PoolClosedError or the signal's reason, never for what the image is. */
  annotateImage(
    content: Uint8Array,
    request: AnnotationRequest,
    signal?: AbortSignal,
  ): Promise<AnnotateImageResponseJson> {
    return this.#annotate(() => {
      // A copy of its own: the caller's memory stays the caller's, and nothing around it is cloned.
      const copy = new Uint8Array(content);
      const task: AnnotatorTask = { type: "image", content: copy, request };
      return { task, transfer: [copy.buffer] };
    }, signal);
  }

  /** @throws as {@link annotateImage}. */
  annotatePage(
    page: PageOfFile,
    request: AnnotationRequest,
    signal?: AbortSignal,
  ): Promise<AnnotateImageResponseJson> {
    const task: AnnotatorTask = { type: "page", ...page, request };
    return this.#annotate(() => ({ task }), signal);
  }

  /** @throws UnreadableFileError, MissingPackageError or PoolClosedError. */
  async countPages(file: SharedFile): Promise<number> {
    const task: AnnotatorTask = { type: "pageCount", file };
    try {
      const reply = await this.#pool.run(() => ({ task }));
      if (reply.type === "pageCount") return reply.pageCount;
      throw toError(reply);
    } catch (error) {
      const code = failureCode(error);
      if (code === undefined) throw error;
      throw new UnreadableFileError(failureMessage("file", error), code, { cause: error });
    }
  }

  /** Stops the threads; what waits and runs is rejected with PoolClosedError. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #annotate(
    post: Parameters<WorkerPool<AnnotatorReply>["run"]>[0],
    signal: AbortSignal | undefined,
  ): Promise<AnnotateImageResponseJson> {
    try {
      const reply = await this.#pool.run(post, signal);
      if (reply.type === "response") return reply.response;
      throw toError(reply);
    } catch (error) {
      if (error instanceof UnreadableFileError)
        return { error: statusOf(error.code, error.message) };
      const code = failureCode(error);
      if (code === undefined) throw error;
      return { error: statusOf(code, failureMessage("image", error)) };
    }
  }
}

/** The status of a response by the name of its code. */
export function statusOf(code: Code, message: string): StatusJson {
  return { code: codeNumbers[code], message };
}

function toError(reply: AnnotatorReply): Error {
  if (reply.type === "unreadable") return new UnreadableFileError(reply.message, reply.code);
  if (reply.type === "missingPackage") {
    return new MissingPackageError(reply.packageName, reply.purpose);
  }
  return new VisionBatchError(`a worker answered ${reply.type} where that was not asked`);
}

function failureCode(error: unknown): Code | undefined {
  if (error instanceof TaskTimeoutError) return "DEADLINE_EXCEEDED";
  if (error instanceof WorkerCrashedError) return "INTERNAL";
  return undefined;
}

function failureMessage(what: "image" | "file", error: unknown): string {
  return `The ${what} could not be annotated: ${(error as Error).message}.`;
}
