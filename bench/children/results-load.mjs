/** Responses of a shard, each a dense page of about 640 kB. */
export const responsesPerShard = 16;

/** The text of every page. */
export const text = `${"lorem ipsum dolor sit amet ".repeat(60)}\n`;

/** A shard of images with dense text, about 10 MB, the same every time. */
export function denseShard() {
  const responses = Array.from({ length: responsesPerShard }, (_, index) => ({
    fullTextAnnotation: { pages: [page()], text },
    context: { uri: `gs://inputs/${index}.jpg` },
  }));
  return Buffer.from(JSON.stringify({ responses }));
}

let state = 1;

function random() {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

/** @template T @param {number} length @param {(index: number) => T} make */
const list = (length, make) => Array.from({ length }, (_, index) => make(index));
const coordinate = () => Number(random().toFixed(8));
const box = () => ({ normalizedVertices: list(4, () => ({ x: coordinate(), y: coordinate() })) });
const confidence = () => Number((0.5 + random() / 2).toFixed(2));
const property = { detectedLanguages: [{ languageCode: "en" }] };

/** @param {boolean} isLast */
function symbol(isLast) {
  return {
    property: isLast ? { ...property, detectedBreak: { type: "SPACE" } } : property,
    boundingBox: box(),
    text: String.fromCharCode(97 + Math.floor(random() * 26)),
    confidence: confidence(),
  };
}

function word() {
  const length = 2 + Math.floor(random() * 8);
  return {
    property,
    boundingBox: box(),
    symbols: list(length, (index) => symbol(index === length - 1)),
    confidence: confidence(),
  };
}

function page() {
  const paragraph = () => ({ boundingBox: box(), words: list(24, word), confidence: 0.5 });
  const block = () => ({
    boundingBox: box(),
    paragraphs: list(2, paragraph),
    blockType: "TEXT",
    confidence: confidence(),
  });
  return { property, width: 1700, height: 2200, blocks: list(8, block), confidence: 0.5 };
}
