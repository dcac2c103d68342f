import type { Code } from "../../errors/index.ts";
import type { Feature } from "./feature-fields.ts";
import type { PagedFormat } from "./file-format.ts";
import type { AnnotateImageResponseJson } from "./response-json.ts";

/** What a worker thread reports: `working` once its engines are loaded, then `done`. */
export type WorkerReport<Reply> =
  | { readonly type: "working" }
  | {
      readonly type: "done";
      readonly reply: Reply;
      /** The worker has grown and asks to be replaced. */
      readonly retire: boolean;
    };

/** What is asked of an image or a page. */
export interface AnnotationRequest {
  readonly features: readonly Feature[];
  readonly aspectRatios: readonly number[];
  /** From 0 to 1; absent for the default of the feature. */
  readonly minWordConfidence?: number;
}

/** A file with pages, shared by all workers. */
export interface SharedFile {
  readonly id: number;
  readonly content: SharedArrayBuffer;
  readonly format: PagedFormat;
}

/** What a worker is asked to do. */
export type AnnotatorTask =
  | { readonly type: "image"; readonly content: Uint8Array; readonly request: AnnotationRequest }
  | { readonly type: "pageCount"; readonly file: SharedFile }
  | {
      readonly type: "page";
      readonly file: SharedFile;
      /** 1-based. */
      readonly pageNumber: number;
      readonly request: AnnotationRequest;
    };

/** What a worker answers. */
export type AnnotatorReply =
  | { readonly type: "response"; readonly response: AnnotateImageResponseJson }
  | { readonly type: "pageCount"; readonly pageCount: number }
  | { readonly type: "unreadable"; readonly code: Code; readonly message: string }
  | { readonly type: "missingPackage"; readonly packageName: string; readonly purpose: string };
