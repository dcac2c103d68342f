// Source of every number here unless said otherwise: https://cloud.google.com/vision/quotas and the
// comments of google/cloud/vision/v1/image_annotator.proto.

/** Images in one AsyncBatchAnnotateImages request. */
export const maxImagesPerAsyncRequest = 2000;
/** Pages of one file in an AsyncBatchAnnotateFiles request. */
export const maxPagesPerFile = 2000;
/** Images in one BatchAnnotateImages request. */
export const maxImagesPerSyncRequest = 16;
/** Files in one BatchAnnotateFiles request. */
export const maxFilesPerSyncRequest = 1;
/** Pages of the file in one BatchAnnotateFiles request. */
export const maxPagesPerSyncFile = 5;
/** Bytes of one image. */
export const maxImageBytes = 20 * 1024 * 1024;
/** Bytes of one request as JSON; a request that has its images or file in it takes no more. */
export const maxRequestBytes = 10 * 1024 * 1024;
/** Responses in one output shard (`OutputConfig.batch_size`). */
export const batchSizeRange = { min: 1, max: 100, default: 20 } as const;
/** Requests per minute of a project. */
export const requestsPerMinute = 1800;
/** Images in processing of a project; what exceeds it queues. */
export const imagesInProcessing = 8000;
/** The file types of the file methods. */
export const fileMimeTypes = ["application/pdf", "image/tiff", "image/gif"] as const;
/** The locations that a parent may name. */
export const locations = ["us", "asia", "eu"] as const;
