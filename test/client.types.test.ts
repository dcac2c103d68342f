import { expect } from "chai";
import {
  VisionBatchClient,
  type OperationHandle,
  type RawResponse,
  type TransportName,
} from "../src/index.ts";
import type {
  AsyncBatchAnnotateFilesResponse,
  AsyncBatchAnnotateImagesResponse,
  OperationMetadata,
} from "../src/protocol/v1.ts";

/** Compiles only where the value is of the type. */
function is<T>(value: T): T {
  return value;
}

// Never called: what is tested is whether it compiles, and each expected error must be one.
export async function typesOfTheClient(): Promise<void> {
  const v1 = new VisionBatchClient();
  const v1p1 = new VisionBatchClient({ version: "v1p1beta1" });
  const v1p3 = new VisionBatchClient({ version: "v1p3beta1" });
  const v1p4 = new VisionBatchClient({ version: "v1p4beta1" });
  const features = [{ type: "TEXT_DETECTION" as const }];
  const requests = [{ image: { source: { imageUri: "gs://b/o" } }, features }];
  const outputConfig = { gcsDestination: { uri: "gs://b/out/" } };

  const handle = await v1.asyncBatchAnnotateImages({
    requests,
    outputConfig,
    parent: "projects/p",
  });
  is<OperationHandle<AsyncBatchAnnotateImagesResponse, OperationMetadata>>(handle);
  // @ts-expect-error the result is not that of files
  is<OperationHandle<AsyncBatchAnnotateFilesResponse, OperationMetadata>>(handle);
  await v1p4.asyncBatchAnnotateImages({ requests, outputConfig });
  await v1p1.batchAnnotateImages({ requests });

  // @ts-expect-error v1p4beta1 has no parent
  await v1p4.asyncBatchAnnotateImages({ requests, outputConfig, parent: "projects/p" });
  // @ts-expect-error v1p3beta1 has no asynchronous images
  await v1p3.asyncBatchAnnotateImages({ requests, outputConfig });
  // @ts-expect-error v1p1beta1 has images at once only
  await v1p1.asyncBatchAnnotateFiles({ requests: [] });
  // @ts-expect-error there is no such version
  new VisionBatchClient({ version: "v2" });
  // @ts-expect-error there is no such feature
  await v1.batchAnnotateImages({ requests: [{ features: [{ type: "TEXT" }] }] });
  // @ts-expect-error v1p1beta1 does not have this feature
  await v1p1.batchAnnotateImages({ requests: [{ features: [{ type: "OBJECT_LOCALIZATION" }] }] });
  // @ts-expect-error there is no such field
  await v1.batchAnnotateImages({ requests, request: [] });
}

// As above.
export async function typesByTransport(): Promise<void> {
  const features = [{ type: "TEXT_DETECTION" as const }];
  const requests = [{ image: { source: { imageUri: "gs://b/o" } }, features }];
  const outputConfig = { gcsDestination: { uri: "gs://b/out/" } };
  const files = { requests: [{ features, outputConfig }] };
  const parent = "projects/p";
  const v1 = new VisionBatchClient({ transport: "rest" });
  const v1p1 = new VisionBatchClient({ version: "v1p1beta1", transport: "rest" });
  const v1p2 = new VisionBatchClient({ version: "v1p2beta1", transport: "rest" });
  const v1p3 = new VisionBatchClient({ version: "v1p3beta1", transport: "rest" });
  const v1p4 = new VisionBatchClient({ version: "v1p4beta1", transport: "rest" });
  const v1p2OverGrpc = new VisionBatchClient({ version: "v1p2beta1" });
  is<VisionBatchClient<"v1", "rest">>(v1);
  is<VisionBatchClient<"v1p2beta1">>(v1p2OverGrpc);

  const labels = { team: "a" };
  const handle = await v1p1.asyncBatchAnnotateImages({ requests, outputConfig, parent, labels });
  is<OperationHandle<AsyncBatchAnnotateImagesResponse, OperationMetadata>>(handle);
  await v1p1.asyncBatchAnnotateFiles({ ...files, parent });
  await v1p1.batchAnnotateFiles({ requests: [{ features, pages: [1] }], parent });
  await v1p1.batchAnnotateImages({ requests: [{ features: [{ type: "OBJECT_LOCALIZATION" }] }] });
  await v1p2.asyncBatchAnnotateImages({ requests, outputConfig, parent });
  await v1p2.asyncBatchAnnotateFiles({ ...files, parent });
  await v1p4.asyncBatchAnnotateImages({ requests, outputConfig });
  const raw = await v1p1.requestStream("asyncBatchAnnotateImages", {
    requests,
    outputConfig,
    parent,
  });
  is<RawResponse>(raw);

  // @ts-expect-error over gRPC v1p2beta1 has no asynchronous images
  await v1p2OverGrpc.asyncBatchAnnotateImages({ requests, outputConfig });
  // @ts-expect-error over gRPC its files have no parent
  await v1p2OverGrpc.asyncBatchAnnotateFiles({ ...files, parent });
  // @ts-expect-error over gRPC there are no raw responses
  await v1p2OverGrpc.requestStream("batchAnnotateImages", { requests });
  // @ts-expect-error v1p3beta1 has no asynchronous images over REST either
  await v1p3.asyncBatchAnnotateImages({ requests, outputConfig });
  // @ts-expect-error nor as a stream
  await v1p3.requestStream("asyncBatchAnnotateImages", { requests, outputConfig });
  // @ts-expect-error v1p4beta1 has no parent over REST either
  await v1p4.asyncBatchAnnotateImages({ requests, outputConfig, parent });
  // @ts-expect-error nor as a stream
  await v1p4.requestStream("asyncBatchAnnotateImages", { requests, outputConfig, parent });
  // @ts-expect-error there is no such method
  await v1.requestStream("annotate", { requests });
  // @ts-expect-error the request is that of another method
  await v1.requestStream("batchAnnotateImages", { requests, outputConfig });
  // @ts-expect-error there is no such transport
  new VisionBatchClient({ transport: "http" });

  const name = (process.env["TRANSPORT"] ?? "grpc") as TransportName;
  const either = new VisionBatchClient({ version: "v1p2beta1", transport: name });
  await either.asyncBatchAnnotateFiles(files);
  // @ts-expect-error what may be gRPC has what gRPC has
  await either.asyncBatchAnnotateImages({ requests, outputConfig });
  // @ts-expect-error and no fields beyond
  await either.asyncBatchAnnotateFiles({ ...files, parent });
}

describe("types of VisionBatchClient", () => {
  it("are checked by the compiler, in this file", () => {
    expect([typesOfTheClient, typesByTransport]).to.have.length(2);
  });
});
