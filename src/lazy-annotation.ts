// Following operations needs no annotating: its modules are loaded when something is annotated at once.
import type {
  AnnotatedRecord,
  AnnotateFilesOptions,
  AnnotateImagesOptions,
  AnnotationPort,
  DetectOptions,
  DetectRequest,
  FileInput,
  ImageInput,
  ImageResponse,
} from "./annotation/index.ts";
import type { ApiVersion } from "./protocol/api-version.ts";
import { endedByReturn } from "./transport/index.ts";

type List<Item> = AsyncIterable<Item> | Iterable<Item>;
type Records<V extends ApiVersion, Input> = AsyncGenerator<AnnotatedRecord<V, Input>, void, void>;

/** Annotates images; see `VisionBatchClient.annotateImages`. */
export function annotateImages<V extends ApiVersion, Input extends ImageInput<V>>(
  port: AnnotationPort,
  inputs: List<Input>,
  options: AnnotateImagesOptions<V>,
): Records<V, Input> {
  return endedByReturn(async function* (left) {
    const annotation = await import("./annotation/index.ts");
    yield* annotation.annotateImages<V, Input>({ port, left }, inputs, options);
  });
}

/** Annotates files; see `VisionBatchClient.annotateFiles`. */
export function annotateFiles<V extends ApiVersion, Input extends FileInput<V>>(
  port: AnnotationPort,
  inputs: List<Input>,
  options: AnnotateFilesOptions<V>,
): Records<V, Input> {
  return endedByReturn(async function* (left) {
    const annotation = await import("./annotation/index.ts");
    yield* annotation.annotateFiles<V, Input>({ port, left }, inputs, options);
  });
}

/** Annotates one image with one feature. */
export async function detect<V extends ApiVersion>(
  port: AnnotationPort,
  request: DetectRequest,
  options: DetectOptions<V>,
): Promise<ImageResponse<V>> {
  const annotation = await import("./annotation/index.ts");
  return annotation.detect<V>(port, request, options);
}
