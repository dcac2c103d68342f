/**
 * A function that starts a job and ends, without waiting for it: the operation's token is kept in the
 * bucket, for `finish.ts`. It is called with `{"id": "monday", "images": ["gs://my-bucket/scans/1.png"]}`,
 * by Cloud Tasks for instance, and sends nothing twice when it is called again.
 *
 *   OUTPUT=gs://my-bucket/jobs/ node examples/cloud-functions/serve.ts   # to try both; see there
 *
 * It speaks REST, which starts faster than gRPC where every request may find a new process.
 */
import type { Request, Response } from "express";
import {
  createCloudStorageStore,
  InvalidRequestError,
  StorageError,
  SubmitError,
  VisionBatchClient,
} from "vision-batch";
import { placesOf } from "./places.ts";

// Kept between the calls of one process.
const client = new VisionBatchClient({ transport: "rest" });
const store = createCloudStorageStore();

/** Answers 202 once the job is accepted, 409 where it was sent before, 503 where it may be sent again. */
export async function submit(request: Request, response: Response): Promise<void> {
  const { id, images } = request.body as { id?: unknown; images?: string[] };
  const places = placesOf(id);
  if (places === undefined) return void response.status(400).json({ message: "no usable id" });
  try {
    // Before the submit, so that of two calls for one job only one sends it.
    await store.write(places.intent, Buffer.from("{}"), { ifGenerationMatch: "0" });
  } catch (error) {
    if (!(error instanceof StorageError && error.reason === "preconditionFailed")) throw error;
    return void response.status(409).json({ message: `job ${places.id} was sent before` });
  }
  try {
    const operation = await client.asyncBatchAnnotateImages({
      requests: (images ?? []).map((imageUri) => ({
        image: { source: { imageUri } },
        features: [{ type: "TEXT_DETECTION" }],
      })),
      outputConfig: { gcsDestination: { uri: places.output } },
    });
    await store.write(places.token, Buffer.from(JSON.stringify({ operation, images })));
    response.status(202).json({ id: places.id, operation: operation.name });
  } catch (error) {
    const isRefused = error instanceof InvalidRequestError;
    const isRejected = error instanceof SubmitError && error.outcome === "rejected";
    // Nothing was accepted. In any other case the intent stays: somebody has to look at the output.
    if (!isRefused && !isRejected) throw error;
    await store.delete(places.intent);
    response.status(isRefused ? 400 : 503).json({ message: error.message });
  }
}
