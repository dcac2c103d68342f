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

/**
 * A generator that is told at once when it is left, also while it waits for something: a generator
 * by itself would see that only when it next yields.
 */
function endedByReturn<R>(
  generate: (left: AbortSignal) => AsyncGenerator<R, void, void>,
): AsyncGenerator<R, void, void> {
  const leaving = new AbortController();
  const run = async function* (): AsyncGenerator<R, void, void> {
    try {
      yield* generate(leaving.signal);
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  };
  const records = run();
  const leave = records.return.bind(records);
  return Object.assign(records, {
    return: (value: void | PromiseLike<void>) => {
      leaving.abort();
      return leave(value);
    },
  });
}
