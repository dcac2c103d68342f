/**
 * With `@google-cloud/vision`: the text of one image; a batch, submitted, waited for and read from its
 * bucket; and a batch that another process has submitted. `after.ts` does the same with this package.
 *
 * These are functions, to be read side by side and called; see docs/migration.md.
 */
import type { Storage } from "@google-cloud/storage";
import type { ImageAnnotatorClient, protos } from "@google-cloud/vision";

type BatchResponse = protos.google.cloud.vision.v1.IBatchAnnotateImagesResponse;

/** The text of one image. */
export async function textOf(client: ImageAnnotatorClient, uri: string): Promise<string> {
  const [response] = await client.documentTextDetection(uri);
  if (response.error) throw new Error(response.error.message ?? "unknown");
  return response.fullTextAnnotation?.text ?? "";
}

/** Submits images and answers with the name of the operation. */
export async function submit(
  client: ImageAnnotatorClient,
  uris: readonly string[],
  prefix: string,
): Promise<string> {
  const [operation] = await client.asyncBatchAnnotateImages({
    requests: uris.map((imageUri) => ({
      image: { source: { imageUri } },
      features: [{ type: "TEXT_DETECTION" }],
    })),
    outputConfig: { gcsDestination: { uri: prefix }, batchSize: 20 },
  });
  return operation.name ?? "";
}

/** Waits for an operation and answers with where its results are. */
export async function waitFor(client: ImageAnnotatorClient, name: string): Promise<string> {
  const operation = await client.checkAsyncBatchAnnotateImagesProgress(name);
  await operation.promise();
  const { outputConfig } =
    operation.result as protos.google.cloud.vision.v1.IAsyncBatchAnnotateImagesResponse;
  return outputConfig?.gcsDestination?.uri ?? "";
}

/** The texts by their images. */
export async function readTexts(storage: Storage, output: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const [, bucket = "", prefix = ""] = /^gs:\/\/([^/]+)\/(.*)$/.exec(output) ?? [];
  const [files] = await storage.bucket(bucket).getFiles({ prefix });
  for (const file of files) {
    const [content] = await file.download();
    const { responses = [] } = JSON.parse(content.toString()) as BatchResponse;
    for (const response of responses ?? []) {
      const uri = response.context?.uri;
      if (uri && !response.error) texts.set(uri, response.fullTextAnnotation?.text ?? "");
    }
  }
  return texts;
}
