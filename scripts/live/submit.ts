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
import { nameOf } from "./raw-calls.ts";

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

/** A request for the one picture that is asked about. */
export type PictureJob = Omit<ImagesJob, "images">;

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
  const parent = job.parent === undefined ? {} : { parent: job.parent };
  const request = { ...imagesRequest(job), ...parent };
  const handle = await context.client.asyncBatchAnnotateImages(request, {
    signal: context.signal,
  });
  context.operations.add(handle.name, job.purpose);
  return handle;
}

/** Submits one picture. */
export function submitPicture(context: LiveContext, job: PictureJob): Promise<ImagesHandle> {
  return submitImages(context, { ...job, images: picture(context) });
}

/** Submits one picture past the client, which names the location in the parent where one is given. */
export async function submitPictureWithoutParent(
  context: LiveContext,
  job: Omit<PictureJob, "parent">,
): Promise<OperationHandle> {
  const request = imagesRequest({ ...job, images: picture(context) });
  const answer = await context.raw.annotate("asyncBatchAnnotateImages", request, context.signal);
  if (answer.code !== "OK") {
    throw new Error(`the submit without a parent got ${answer.code}: ${answer.message}`);
  }
  const handle = context.client.operation(nameOf(answer.response));
  context.operations.add(handle.name, job.purpose);
  return handle;
}

function picture({ inputs }: LiveContext): readonly ImageItem[] {
  return [{ uri: inputs.picture, feature: "IMAGE_PROPERTIES" }];
}

function imagesRequest({ images, prefix, batchSize = 20 }: ImagesJob) {
  return {
    requests: images.map(({ uri, feature }) => ({
      image: { source: { imageUri: uri } },
      features: [{ type: feature }],
    })),
    outputConfig: { gcsDestination: { uri: prefix }, batchSize },
  };
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
