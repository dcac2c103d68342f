/**
 * A function that finishes a job which `submit.ts` has started, in another process and however much
 * later. It is called with `{"id": "monday"}`, by Cloud Scheduler for instance, until it answers 200; what
 * it needs is in the bucket, and calling it again changes nothing.
 *
 *   OUTPUT=gs://my-bucket/jobs/ node examples/cloud-functions/serve.ts   # to try both; see there
 */
import { text } from "node:stream/consumers";
import type { Request, Response } from "express";
import {
  createCloudStorageStore,
  readResults,
  StorageError,
  VisionBatchClient,
  type OperationToken,
} from "vision-batch";
import { placesOf } from "./places.ts";

const client = new VisionBatchClient({ transport: "rest" });
const store = createCloudStorageStore();

/** What `submit.ts` has written. */
interface Job {
  operation: OperationToken;
  images: string[];
}

/** Answers 200 with the counts once the results are written, 202 while the job runs, 404 and 500 else. */
export async function finish(request: Request, response: Response): Promise<void> {
  const places = placesOf((request.body as { id?: unknown }).id);
  const job = places === undefined ? undefined : await readJob(places.token);
  if (places === undefined || job === undefined) {
    return void response.status(404).json({ message: "no such job" });
  }
  // One read: a function that waited would be paid for waiting.
  const snapshot = await client.operation(job.operation).poll();
  const { state } = snapshot;
  if (state === "running") return void response.status(202).json({ state });

  const error = state === "succeeded" ? undefined : snapshot.error;
  const source = { prefix: places.output, inputs: job.images, error };
  const results = readResults(store, source);
  await store.write(places.results, toLines(results), { contentType: "application/x-ndjson" });
  response.status(error === undefined ? 200 : 500).json({
    ...{ state, message: error?.message, counts: results.manifest?.counts },
    results: places.results,
  });
}

async function readJob(uri: string): Promise<Job | undefined> {
  try {
    return JSON.parse(await text(store.read(uri))) as Job;
  } catch (error) {
    if (error instanceof StorageError && error.reason === "notFound") return undefined;
    throw error;
  }
}

async function* toLines(results: AsyncIterable<object>): AsyncGenerator<Buffer, void, void> {
  for await (const record of results) yield Buffer.from(`${JSON.stringify(record)}\n`);
}
