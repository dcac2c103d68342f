import {
  OperationFailedError,
  WaitTimeoutError,
  type Code,
  type FeatureName,
  type MetadataOf,
  type OperationEvent,
  type OperationHandle,
  type ResultOf,
  type SettledEvent,
} from "../../src/index.ts";
import type { LiveContext } from "./live-context.ts";

/** An image to be annotated. */
export interface ImageItem {
  readonly uri: string;
  readonly feature: FeatureName;
}

/** A request for images. */
export interface ImagesJob {
  readonly purpose: string;
  readonly images: readonly ImageItem[];
  /** The output prefix. */
  readonly prefix: string;
  readonly batchSize?: number;
  /** Default: that of the location, where one is given, else none. */
  readonly parent?: string;
}

/** A file to be annotated, with an output prefix of its own. */
export interface FileItem {
  readonly uri: string;
  readonly prefix: string;
}

type ImagesHandle = OperationHandle<
  ResultOf<"v1", "asyncBatchAnnotateImages">,
  MetadataOf<"v1", "asyncBatchAnnotateImages">
>;
type FilesHandle = OperationHandle<
  ResultOf<"v1", "asyncBatchAnnotateFiles">,
  MetadataOf<"v1", "asyncBatchAnnotateFiles">
>;

/** Submits images through the client and logs the operation. */
export async function submitImages(context: LiveContext, job: ImagesJob): Promise<ImagesHandle> {
  const { images, prefix, batchSize = 20 } = job;
  const request = {
    requests: images.map(({ uri, feature }) => ({
      image: { source: { imageUri: uri } },
      features: [{ type: feature }],
    })),
    outputConfig: { gcsDestination: { uri: prefix }, batchSize },
    ...(job.parent === undefined ? {} : { parent: job.parent }),
  };
  const handle = await context.client.asyncBatchAnnotateImages(request, {
    signal: context.signal,
  });
  context.operations.add(handle.name, job.purpose);
  return handle;
}

/** Submits one picture. */
export function submitPicture(
  context: LiveContext,
  job: Omit<ImagesJob, "images">,
): Promise<ImagesHandle> {
  const images = [{ uri: context.inputs.picture, feature: "IMAGE_PROPERTIES" }] as const;
  return submitImages(context, { ...job, images });
}

/** Submits files through the client, two pages a shard, and logs the operation. */
export async function submitFiles(
  context: LiveContext,
  purpose: string,
  files: readonly FileItem[],
): Promise<FilesHandle> {
  const requests = files.map(({ uri, prefix }) => ({
    inputConfig: { gcsSource: { uri }, mimeType: "application/pdf" },
    features: [{ type: "DOCUMENT_TEXT_DETECTION" }] as const,
    outputConfig: { gcsDestination: { uri: prefix }, batchSize: 2 },
  }));
  const handle = await context.client.asyncBatchAnnotateFiles(
    { requests },
    { signal: context.signal },
  );
  context.operations.add(handle.name, purpose);
  return handle;
}

/**
 * Follows an operation to its end.
 * @throws WaitTimeoutError when it takes longer than the command allows.
 */
export async function follow<Result, Metadata>(
  { command, operations, signal }: LiveContext,
  handle: OperationHandle<Result, Metadata>,
  onEvent: (event: OperationEvent<Result, Metadata>) => Promise<void> = () => Promise.resolve(),
): Promise<SettledEvent<Result, Metadata>> {
  const begun = performance.now();
  for await (const event of handle.watch({ signal })) {
    await onEvent(event);
    if (event.type !== "running" && event.type !== "pollError") {
      operations.settle(handle.name);
      return event;
    }
    if (performance.now() - begun > command.waitMs) {
      throw new WaitTimeoutError(handle.name, command.waitMs);
    }
  }
  throw new Error(`the watch of ${handle.name} ended before the operation`);
}

/** How an operation ended, as JSON. */
export interface Ending {
  readonly end: SettledEvent<unknown, unknown>["type"];
  /** Of the operation's error. */
  readonly code?: Code;
  readonly message?: string;
}

/** The end that an event tells of. */
export function endOf(event: SettledEvent<unknown, unknown>): Ending {
  if (event.type === "succeeded") return { end: event.type };
  const { error, type: end } = event;
  const code = error instanceof OperationFailedError ? { code: error.code } : {};
  return { end, ...code, message: error.message };
}

/** `succeeded`, `cancelled`, `failed with NOT_FOUND`. */
export function describeEnd({ end, code }: Ending): string {
  return code === undefined || end === "cancelled" ? end : `${end} with ${code}`;
}
