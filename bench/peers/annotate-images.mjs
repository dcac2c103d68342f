/** What a request may hold. */
const imagesPerRequest = 2000;

/**
 * The script that people write today with `@google-cloud/vision` and `@google-cloud/storage`: requests of
 * 2,000 images, so many operations at a time, each waited for by the client's own `promise()`; then its
 * shards are listed and downloaded, a limited number at a time over all operations, and parsed. An
 * operation that is done makes room for the next one before its shards are read, so that reading goes on
 * while others are processed.
 * @param {object} script
 * @param {import("@google-cloud/vision").ImageAnnotatorClient} script.vision
 * @param {import("@google-cloud/storage").Storage} script.storage
 * @param {Iterable<string>} script.uris
 * @param {{ type: "DOCUMENT_TEXT_DETECTION" }[]} script.features
 * @param {string} script.bucket of the output
 * @param {number} script.maxOperations in processing at a time
 * @param {number} script.maxDownloads at a time
 * @param {(response: { fullTextAnnotation?: { text?: string } }) => void} script.onResponse
 */
export async function annotateImages(script) {
  const operations = slots(script.maxOperations);
  const downloads = slots(script.maxDownloads);
  const chunks = [];
  let number = 0;
  for (const uris of inChunks(script.uris, imagesPerRequest)) {
    const prefix = `run/${number++}/`;
    const leave = await operations.enter();
    const chunk = annotateChunk(script, uris, prefix)
      .finally(leave)
      .then(() => readShards(script, prefix, downloads));
    // Told by `Promise.all` below; until then a failure must not end the process.
    chunk.catch(() => undefined);
    chunks.push(chunk);
  }
  await Promise.all(chunks);
}

/** @param {Parameters<typeof annotateImages>[0]} script @param {string[]} uris @param {string} prefix */
async function annotateChunk({ vision, features, bucket }, uris, prefix) {
  const [operation] = await vision.asyncBatchAnnotateImages({
    requests: uris.map((imageUri) => ({ image: { source: { imageUri } }, features })),
    outputConfig: { gcsDestination: { uri: `gs://${bucket}/${prefix}` } },
  });
  await operation.promise();
}

/** @param {Parameters<typeof annotateImages>[0]} script @param {string} prefix @param {ReturnType<typeof slots>} downloads */
async function readShards({ storage, bucket, onResponse }, prefix, downloads) {
  const [files] = await storage.bucket(bucket).getFiles({ prefix });
  await Promise.all(
    files.map(async (file) => {
      const leave = await downloads.enter();
      try {
        const [content] = await file.download();
        for (const response of JSON.parse(content.toString()).responses) onResponse(response);
      } finally {
        leave();
      }
    }),
  );
}

/** @template T @param {Iterable<T>} items @param {number} size */
function* inChunks(items, size) {
  let chunk = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Room for so many; who comes first enters first. @param {number} free */
function slots(free) {
  /** @type {(() => void)[]} */
  const waiting = [];
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      return leave;
    },
  };
}
