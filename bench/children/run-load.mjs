/** The bucket that both sides write to. */
export const bucket = "annotated";

/** What is asked of every image. */
export const features = [{ type: /** @type {const} */ ("DOCUMENT_TEXT_DETECTION") }];

/** Images in a request, the most that the service takes. */
export const imagesPerRequest = 2000;
/** What an operation of so many takes. */
export const operationMs = 30_000;

const words = 16;

/** The URIs of images, one by one. @param {number} count */
export function* imageUris(count) {
  for (let index = 0; index < count; index += 1) {
    yield `gs://archive-of-scans/2026/batch-${index >> 14}/page-${index}.jpg`;
  }
}

/** The recorded response of every image: the text of a small page, about 20 kB of JSON. */
export const response = {
  fullTextAnnotation: { pages: [page()], text: `${"lorem ".repeat(words)}\n` },
};

function page() {
  const inLine = Array.from({ length: words }, (_, at) => word(at));
  const paragraph = { boundingBox: box(0), words: inLine, confidence: 0.97 };
  const block = { boundingBox: box(0), paragraphs: [paragraph], blockType: "TEXT" };
  return { width: 1700, height: 2200, blocks: [block], confidence: 0.97 };
}

/** @param {number} at */
function word(at) {
  const property = { detectedLanguages: [{ languageCode: "la", confidence: 1 }] };
  const symbols = [..."lorem"].map((text, index) => ({
    ...{ property, boundingBox: box(at + index / 5), text },
    confidence: 0.9 + index / 100,
  }));
  return { property, boundingBox: box(at), symbols, confidence: 0.98 };
}

/** @param {number} at */
function box(at) {
  const x = 100 + 15 * at;
  const vertices = [x, x + 80, x + 80, x].map((each, corner) => ({ x: each, y: 20 + corner }));
  return { vertices };
}

/** Where the emulator is, how many images there are, and a folder for what a side keeps. */
export function runArguments() {
  const [certificate = "", grpcPort = "", httpPort = "", count = "", folder = ""] =
    process.argv.slice(2);
  // Read by grpc-js when it is loaded.
  process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = certificate;
  const apiEndpoint = `http://127.0.0.1:${httpPort}`;
  return { grpcPort: Number(grpcPort), apiEndpoint, count: Number(count), folder };
}

/** Prints what was measured. @param {{ ms: number, responses: number, characters: number }} measured */
export function printMeasurement(measured) {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  console.log(JSON.stringify({ ...measured, cpuMs, rssMiB: maxRSS / 1024 }));
}
