import sharp from "sharp";
import type { ImageResponse, ResultRecord } from "../../src/results/index.ts";

const [width, height] = [1200, 900];
const wordsPerImage = 60;
const columns = 6;

const vocabulary = (
  "invoice archive letter harbor summer railway station number street garden window paper winter " +
  "market total amount river bridge museum ticket morning school library report engine cinema"
).split(" ");
const labels = ["Document", "Sky", "Vehicle", "Building", "Plant", "Person", "Water", "Font"];

/** Images as scans and photos are: a page of words, with labels, an object and safe search. */
export async function* manyRecords(count: number): AsyncGenerator<ResultRecord> {
  for (let index = 0; index < count; index++) {
    const uri = `gs://archive/box-${Math.floor(index / 500)}/scan-${String(index).padStart(6, "0")}.jpg`;
    if (index % 97 === 96) {
      const error = { code: "INVALID_ARGUMENT" as const, message: "Bad image data.", details: [] };
      yield { status: "failed", index, uri, error };
    } else yield { status: "succeeded", index, uri, response: responseOf(index) };
  }
}

/** The images that the records are taken to be of: noise and shapes, so that they cost what photos cost. */
export async function manyImages(count: number): Promise<readonly Buffer[]> {
  const images: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const hue = (i * 360) / count;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect width="100%" height="100%" fill="hsl(${hue} 40% 80%)"/>
      <circle cx="${200 + i * 40}" cy="500" r="180" fill="hsl(${hue + 120} 50% 50%)"/></svg>`;
    const noise = { type: "gaussian", mean: 128, sigma: 30 } as const;
    const grain = await sharp({ create: { width, height, channels: 3, background: "#000", noise } })
      .png()
      .toBuffer();
    const image = sharp(Buffer.from(svg)).composite([{ input: grain, blend: "soft-light" }]);
    images.push(await image.jpeg({ quality: 85 }).toBuffer());
  }
  return images;
}

function responseOf(index: number): ImageResponse {
  const words = Array.from({ length: wordsPerImage }, (_, place) => wordOf(index, place));
  return {
    labelAnnotations: [0, 1, 2].map((i) => ({
      description: labels[(index + i * 3) % labels.length] ?? "",
      score: 0.95 - i * 0.12 - (index % 10) / 50,
    })),
    localizedObjectAnnotations: [
      { name: "Person", score: 0.8, boundingPoly: corners([200, 320], [420, 700]) },
    ],
    safeSearchAnnotation: { adult: "VERY_UNLIKELY", violence: "UNLIKELY" },
    fullTextAnnotation: {
      pages: [
        {
          ...{ width, height, confidence: 0.9 },
          property: { detectedLanguages: [{ languageCode: index % 5 === 0 ? "de" : "en" }] },
          blocks: [{ paragraphs: [{ words }] }],
        },
      ],
    },
  };
}

function wordOf(index: number, place: number) {
  const text = vocabulary[(index * 7 + place * 13) % vocabulary.length] ?? "";
  const column = place % columns;
  const left = 40 + column * 190;
  const top = 40 + Math.floor(place / columns) * 80;
  const type = column === columns - 1 ? "LINE_BREAK" : "SPACE";
  return {
    boundingBox: corners([left, top], [left + 20 + text.length * 16, top + 40]),
    confidence: 0.6 + ((index + place) % 40) / 100,
    symbols: [{ text, property: { detectedBreak: { type } } }],
  };
}

type Point = readonly [x: number, y: number];

function corners([left, top]: Point, [right, bottom]: Point) {
  const points = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  return { vertices: points.map(([x, y]) => ({ x, y })) };
}
