const inFlight = 16;
const warmUp = 48;
const measured = 192;

/**
 * The request of one submit: 2,000 images, two features each, an output prefix of its own.
 * @param {number} index
 */
function request(index) {
  const requests = Array.from({ length: 2000 }, (_, image) => ({
    image: { source: { imageUri: `gs://bucket/batch-${index}/image-${image}.jpg` } },
    features: [
      { type: /** @type {const} */ ("TEXT_DETECTION") },
      { type: /** @type {const} */ ("LABEL_DETECTION"), maxResults: 10 },
    ],
  }));
  const gcsDestination = { uri: `gs://bucket/out/${index}/` };
  return { requests, outputConfig: { gcsDestination, batchSize: 20 } };
}

/**
 * Milliseconds a submit, with `inFlight` of them under way; requests are built before.
 * @param {(init: ReturnType<typeof request>) => Promise<unknown>} submit
 */
export async function measureSubmits(submit) {
  await runAll(submit, warmUp);
  const requests = Array.from({ length: inFlight }, (_, index) => request(index));
  const start = performance.now();
  await runAll(submit, measured, requests);
  return (performance.now() - start) / measured;
}

/**
 * @param {(init: ReturnType<typeof request>) => Promise<unknown>} submit
 * @param {number} count
 */
async function runAll(submit, count, requests = [request(0)]) {
  let next = 0;
  const worker = async () => {
    while (next < count) await submit(requests[next++ % requests.length] ?? request(0));
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
