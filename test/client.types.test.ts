import { expect } from "chai";
import { VisionBatchClient, type OperationHandle } from "../src/index.ts";
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

describe("types of VisionBatchClient", () => {
  it("are checked by the compiler, in this file", () => {
    expect(typesOfTheClient).to.be.a("function");
  });
});
