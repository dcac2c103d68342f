import { SubmitError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { maxImagesPerSyncRequest } from "../protocol/limits.ts";
import type { AnnotatedRecord, AnnotateImagesOptions, ImageInput } from "./annotate-options.ts";
import type { Annotating } from "./annotation-port.ts";
import { checkWhole, createJob, inputError, responsesOf, type Job } from "./annotation-job.ts";
import { numberInputs, toParts, type NumberedInput } from "./input-list.ts";
import { packRequests } from "./pack-requests.ts";
import { readSource, type ReadSource } from "./read-source.ts";
import type { OneRequest, SizedRequest } from "./request-maker.ts";
import {
  failedRecord,
  readResponse,
  responseRecord,
  unsentRecord,
  type RecordPlace,
} from "./response-records.ts";
import { runInOrder } from "./run-in-order.ts";

/** An image that is not annotated; it stands in where options are checked. */
export const sampleImage: OneRequest = {
  image: { source: { imageUri: "gs://bucket/object" } },
};

/** An image that was read, in or out of a request. */
interface ReadImage<Input> extends Partial<SizedRequest> {
  readonly place: RecordPlace<Input>;
  /** Why it is not sent. */
  readonly problem?: Error;
}

/** Annotates any number of images, in requests as large as the service takes; one record an image, in their order. */
export async function* annotateImages<V extends ApiVersion, Input extends ImageInput<V>>(
  { port, left }: Annotating,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  options: AnnotateImagesOptions<V>,
): AsyncGenerator<AnnotatedRecord<V, Input>, void, undefined> {
  const what = "annotateImages";
  const { imagesPerRequest: items = maxImagesPerSyncRequest, ...rest } = options;
  checkWhole(what, { field: "imagesPerRequest", value: items, max: maxImagesPerSyncRequest });
  const parts = { port, left, what, method: "batchAnnotateImages", sample: sampleImage } as const;
  const job = await createJob(parts, rest);
  const { concurrency, maker, scope } = job;
  const images = runInOrder(numberInputs(inputs, scope.signal), {
    concurrency,
    scope,
    run: async (input) => ({ result: await readImage(job, input) }),
  });
  const limits = { items, bytes: maker.inputBytes, signal: scope.signal };
  const answers = runInOrder(packRequests(images, limits), {
    concurrency,
    scope,
    run: async (pack) => ({ result: await annotatePack<V, Input>(job, pack) }),
  });
  for await (const records of answers) yield* records;
}

/** The image of a request. */
export function imageOf({ uri, content }: ReadSource): object {
  return content === undefined ? { source: { imageUri: uri } } : { content };
}

async function readImage<Input>(
  { maker, shared, scope: { signal } }: Job,
  { input, index }: NumberedInput<Input>,
): Promise<ReadImage<Input>> {
  const name = `inputs[${index}]`;
  const { source, own } = toParts(input);
  const place = { index, input, uri: source.uri };
  try {
    const image = imageOf(await readSource(source, { name, signal }));
    return { place, ...maker.size(name, { ...shared, ...own, image }) };
  } catch (error) {
    signal.throwIfAborted();
    return { place, problem: inputError(error) };
  }
}

async function annotatePack<V extends ApiVersion, Input>(
  { maker, send }: Job,
  pack: readonly ReadImage<Input>[],
): Promise<readonly AnnotatedRecord<V, Input>[]> {
  const requests = pack.flatMap(({ request }) => (request === undefined ? [] : [request]));
  const answer = requests.length === 0 ? { responses: [] } : await send(requests);
  const responses = answer instanceof SubmitError ? [] : responsesOf(answer);
  const reader = { codec: maker.codec, typeName: maker.typeName("AnnotateImageResponse") };
  let sent = 0;
  return pack.map(({ place, problem }) => {
    if (problem !== undefined) return unsentRecord<V, Input>(place, problem);
    if (answer instanceof SubmitError) return failedRecord<V, Input>(place, answer);
    const message = responses[sent++];
    return responseRecord(place, message && readResponse<V>(reader, message));
  });
}
