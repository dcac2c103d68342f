/** A generated grpc-js client, as far as a caller of unary methods uses it. */
export interface UnaryStub {
  waitForReady(deadline: number, callback: (error?: Error | null) => void): void;
  close(): void;
  readonly [method: string]: ((...args: never[]) => unknown) | undefined;
}

/** A generated grpc-js client class. */
export type StubConstructor = new (...args: never[]) => UnaryStub;

const vision = "google.cloud.vision.";
const loaders: Readonly<Record<string, () => Promise<unknown>>> = {
  "google.longrunning.Operations": async () =>
    (await import("../../generated/google/longrunning/operations.grpc.ts")).OperationsClient,
  [`${vision}v1.ImageAnnotator`]: async () =>
    (await import("../../generated/google/cloud/vision/v1/image_annotator.grpc.ts"))
      .ImageAnnotatorClient,
  [`${vision}v1p1beta1.ImageAnnotator`]: async () =>
    (await import("../../generated/google/cloud/vision/v1p1beta1/image_annotator.grpc.ts"))
      .ImageAnnotatorClient,
  [`${vision}v1p2beta1.ImageAnnotator`]: async () =>
    (await import("../../generated/google/cloud/vision/v1p2beta1/image_annotator.grpc.ts"))
      .ImageAnnotatorClient,
  [`${vision}v1p3beta1.ImageAnnotator`]: async () =>
    (await import("../../generated/google/cloud/vision/v1p3beta1/image_annotator.grpc.ts"))
      .ImageAnnotatorClient,
  [`${vision}v1p4beta1.ImageAnnotator`]: async () =>
    (await import("../../generated/google/cloud/vision/v1p4beta1/image_annotator.grpc.ts"))
      .ImageAnnotatorClient,
};

/** Loads the generated stub of a service, and grpc-js with it. */
export async function loadStub(service: string): Promise<StubConstructor> {
  const load = loaders[service];
  if (load === undefined) throw new Error(`no gRPC stub was generated for ${service}`);
  return (await load()) as StubConstructor;
}
