/**
 * The code that the tests beside it are about: a service of your own, which submits an image, and again
 * only where nothing was accepted, and reads the text that was found.
 */
import {
  readResults,
  SubmitError,
  type ObjectStore,
  type OperationHandle,
  type VisionBatchClient,
} from "vision-batch";

/** Submits the image of a receipt; the results are written below `output`. */
export async function submitReceipt(
  client: VisionBatchClient,
  imageUri: string,
  output: string,
): Promise<OperationHandle> {
  const image = { source: { imageUri } };
  const request = {
    requests: [{ image, features: [{ type: "TEXT_DETECTION" as const }] }],
    outputConfig: { gcsDestination: { uri: output } },
  };
  try {
    return await client.asyncBatchAnnotateImages(request);
  } catch (error) {
    const mayRepeat = error instanceof SubmitError && error.outcome === "rejected";
    if (!mayRepeat) throw error;
    return client.asyncBatchAnnotateImages(request);
  }
}

/** The text of the receipt whose results are below a prefix. */
export async function readReceipt(store: ObjectStore, prefix: string): Promise<string> {
  for await (const record of readResults(store, prefix)) {
    if (record.status === "succeeded") return record.response.fullTextAnnotation?.text ?? "";
  }
  throw new Error(`no receipt was read below ${prefix}`);
}
