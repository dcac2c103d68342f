export { annotateFiles } from "./annotate-files.ts";
export { annotateImages } from "./annotate-images.ts";
export type {
  AnnotatedRecord,
  AnnotateFilesOptions,
  AnnotateImagesOptions,
  AnnotateOptions,
  DetectOptions,
  FeatureInput,
  FileInput,
  FileInputOptions,
  ImageContextInput,
  ImageInput,
  ImageInputOptions,
  RequestEnvelope,
} from "./annotate-options.ts";
export type { AnnotationPort, AnswerMethod } from "./annotation-port.ts";
export { detect, type DetectRequest } from "./detect.ts";
export type { InputSource } from "./input-source.ts";
export type { ImageResponse } from "../results/response-types.ts";
