import { RpcError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { FeatureName } from "../protocol/message-init.ts";
import type { ImageResponse } from "../results/response-types.ts";
import { createJob, responsesOf } from "./annotation-job.ts";
import { imageOf, sampleImage } from "./annotate-images.ts";
import type { DetectOptions } from "./annotate-options.ts";
import type { AnnotationPort } from "./annotation-port.ts";
import { parseSource, type InputSource } from "./input-source.ts";
import { readSource } from "./read-source.ts";
import { readResponse } from "./response-records.ts";

/** What is to be detected, and where. */
export interface DetectRequest {
  readonly image: InputSource;
  readonly feature: FeatureName;
}

/**
 * Annotates one image with one feature and answers with the response.
 * @throws what reading and sending throw; RpcError where the service could not annotate the image.
 */
export async function detect<V extends ApiVersion>(
  port: AnnotationPort,
  { image, feature }: DetectRequest,
  options: DetectOptions<V>,
): Promise<ImageResponse<V>> {
  const { maxResults, model, ...rest } = options;
  const features = [{ type: feature, maxResults, model }];
  const parts = { port, what: `${feature} request`, sample: sampleImage } as const;
  const job = await createJob(
    { ...parts, method: "batchAnnotateImages" },
    { ...rest, features, stopOnError: true },
  );
  const { maker, scope, shared } = job;
  const source = await readSource(parseSource(image), { name: "image", signal: scope.signal });
  const { request } = maker.size("image", { ...shared, image: imageOf(source) });
  const [message = {}] = responsesOf(await job.send([request]));
  const typeName = maker.typeName("AnnotateImageResponse");
  const { response, error } = readResponse<V>({ codec: maker.codec, typeName }, message);
  if (error === undefined) return response;
  throw new RpcError(`the image was not annotated: ${error.code}: ${error.message}`, {
    ...error,
    method: `${maker.typeName("ImageAnnotator")}/BatchAnnotateImages`,
  });
}
