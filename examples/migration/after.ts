/**
 * What `before.ts` does with `@google-cloud/vision`, with this package: the text of one image; a batch,
 * submitted, waited for and read from its bucket; and a batch that another process has submitted.
 *
 * These are functions, to be read side by side and called; see docs/migration.md.
 */
import { readResults, type ObjectStore, type VisionBatchClient } from "vision-batch";
import type { AsyncBatchAnnotateImagesResponse } from "vision-batch/v1";

/** The text of one image. */
export async function textOf(client: VisionBatchClient, uri: string): Promise<string> {
  const found = await client.detectDocumentText(uri);
  return found?.text ?? "";
}

/** Submits images and answers with the name of the operation. */
export async function submit(
  client: VisionBatchClient,
  uris: readonly string[],
  prefix: string,
): Promise<string> {
  const operation = await client.asyncBatchAnnotateImages({
    requests: uris.map((imageUri) => ({
      image: { source: { imageUri } },
      features: [{ type: "TEXT_DETECTION" }],
    })),
    outputConfig: { gcsDestination: { uri: prefix }, batchSize: 20 },
  });
  return operation.name;
}

/** Waits for an operation and answers with where its results are. */
export async function waitFor(client: VisionBatchClient, name: string): Promise<string> {
  const operation = client.operation<AsyncBatchAnnotateImagesResponse>(name);
  const { outputConfig } = await operation.wait();
  return outputConfig?.gcsDestination?.uri ?? "";
}

/** The texts by their images. */
export async function readTexts(store: ObjectStore, output: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const record of readResults(store, output)) {
    if (record.status !== "succeeded") continue;
    texts.set(record.uri, record.response.fullTextAnnotation?.text ?? "");
  }
  return texts;
}
