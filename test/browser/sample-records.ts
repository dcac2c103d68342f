import sharp from "sharp";
import type { ImageResponse, ResultRecord } from "../../src/results/index.ts";

/** An image of the sample and what the service is said to have found in it. */
export interface Sample {
  readonly record: ResultRecord;
  /** Absent: the image is not at hand. */
  readonly image?: Buffer;
}

const [width, height] = [960, 720];

/** Images with something of each kind that a report shows. */
export async function samples(): Promise<readonly Sample[]> {
  return [
    await photo(0),
    await letter(1, englishLines, "en"),
    await letter(2, hebrewLines, "he"),
    await letter(3, arabicLines, "ar"),
    { record: failed(4) },
    await partial(5),
    { record: { status: "missing", index: 6, uri: "gs://scans/album/missing-0006.jpg" } },
    { record: { status: "notSubmitted", index: 7, uri: "gs://scans/album/never-0007.jpg" } },
    { record: (await letter(8, englishLines.slice(0, 2), "en")).record },
    await photo(9),
  ];
}

const englishLines = ["Vision report sample", "The quick brown fox", "jumps over the lazy dog"];
const hebrewLines = ["שלום עולם", "זהו מסמך לדוגמה"];
const arabicLines = ["مرحبا بالعالم", "هذه وثيقة تجريبية 2026"];

function failed(index: number): ResultRecord {
  const message = "Bad image data.";
  return {
    ...{ status: "failed", index, uri: "gs://scans/album/broken-0004.jpg" },
    error: { code: "INVALID_ARGUMENT", message, details: [] },
  };
}

async function partial(index: number): Promise<Sample> {
  const { record, image } = await photo(index);
  if (record.status !== "succeeded" || image === undefined) throw new Error("no photo");
  const error = {
    code: "DEADLINE_EXCEEDED" as const,
    message: "Logos took too long.",
    details: [],
  };
  return { record: { ...record, status: "partial", error }, image };
}

/** A scene of plain shapes, so that boxes can be seen to stand where they should. */
async function photo(index: number): Promise<Sample> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="960" height="720" fill="#9ec7e8"/>
    <rect y="470" width="960" height="250" fill="#6f9a57"/>
    <circle cx="480" cy="250" r="110" fill="#e8b48c"/>
    <rect x="400" y="360" width="160" height="220" rx="30" fill="#b8433f"/>
    <rect x="90" y="380" width="220" height="140" rx="24" fill="#2e4d7d"/>
    <circle cx="140" cy="520" r="30" fill="#222"/><circle cx="260" cy="520" r="30" fill="#222"/>
    <rect x="700" y="120" width="170" height="80" fill="#fff"/>
    <text x="785" y="175" font-size="44" text-anchor="middle" font-family="sans-serif">ACME</text>
  </svg>`;
  const image = await sharp(Buffer.from(svg)).jpeg().toBuffer();
  const response: ImageResponse = {
    faceAnnotations: [
      {
        boundingPoly: box(370, 140, 590, 360),
        detectionConfidence: 0.97,
        joyLikelihood: "VERY_LIKELY",
        headwearLikelihood: "POSSIBLE",
      },
    ],
    localizedObjectAnnotations: [
      { name: "Car", score: 0.91, boundingPoly: fractions(85, 375, 315, 555) },
      { name: "Person", score: 0.88, boundingPoly: fractions(360, 130, 600, 590) },
    ],
    logoAnnotations: [{ description: "Acme", score: 0.63, boundingPoly: box(700, 120, 870, 200) }],
    landmarkAnnotations: [
      { description: "Green Hill", score: 0.42, boundingPoly: box(600, 470, 950, 700) },
    ],
    cropHintsAnnotation: {
      cropHints: [{ boundingPoly: box(180, 60, 780, 660), confidence: 0.8 }],
    },
    labelAnnotations: [
      { description: "Sky", score: 0.96 },
      { description: "Vehicle", score: 0.83 },
      { description: "Grassland", score: 0.71 },
      { description: "Portrait photography of people outdoors", score: 0.52 },
    ],
    safeSearchAnnotation: {
      ...{ adult: "VERY_UNLIKELY", spoof: "UNLIKELY", medical: "POSSIBLE" },
      ...{ violence: "LIKELY", racy: "VERY_LIKELY" },
    },
    imagePropertiesAnnotation: {
      dominantColors: {
        colors: [color(158, 199, 232, 0.5), color(111, 154, 87, 0.3), color(184, 67, 63, 0.1)],
      },
    },
    webDetection: {
      webEntities: [{ entityId: "/m/01", description: "Meadow", score: 1.2 }],
      bestGuessLabels: [{ label: "summer meadow" }],
      pagesWithMatchingImages: [{ url: "https://example.com/meadow?a=1&b=2" }],
    },
    fullTextAnnotation: pageOf([{ text: "ACME", left: 720, top: 130, wide: 130, high: 50 }], "en"),
  };
  const uri = `gs://scans/album/photo-${String(index).padStart(4, "0")}.jpg`;
  return { record: { status: "succeeded", index, uri, response }, image };
}

/** A page of text, each word in the box that its letters are drawn in. */
async function letter(index: number, lines: readonly string[], language: string): Promise<Sample> {
  const isRightToLeft = language !== "en";
  const words: PlacedText[] = [];
  const drawn: string[] = [];
  lines.forEach((line, row) => {
    const top = 90 + row * 130;
    let at = isRightToLeft ? width - 80 : 80;
    const parts = line.split(" ");
    parts.forEach((text, place) => {
      const wide = 34 + text.length * 26;
      const left = isRightToLeft ? at - wide : at;
      const isLast = place === parts.length - 1;
      words.push({ text, left, top, wide, high: 64, isLast });
      drawn.push(
        `<text x="${left + wide / 2}" y="${top + 46}" font-size="44" text-anchor="middle" ` +
          `textLength="${wide - 20}" lengthAdjust="spacingAndGlyphs" font-family="DejaVu Sans">${text}</text>`,
      );
      at += (isRightToLeft ? -1 : 1) * (wide + 16);
    });
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="960" height="720" fill="#fbf8ef"/>${drawn.join("")}</svg>`;
  const image = await sharp(Buffer.from(svg)).png().toBuffer();
  const response = { fullTextAnnotation: pageOf(words, language) };
  const uri = `gs://scans/letters/${language}-${String(index).padStart(4, "0")}.png`;
  return { record: { status: "succeeded", index, uri, response }, image };
}

interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly high: number;
  readonly isLast?: boolean;
}

function pageOf(
  words: readonly PlacedText[],
  language: string,
): NonNullable<ImageResponse["fullTextAnnotation"]> {
  const text = words
    .map(({ text: word, isLast }) => word + (isLast === true ? "\n" : " "))
    .join("");
  const page = {
    ...{ width, height, confidence: 0.93 },
    property: { detectedLanguages: [{ languageCode: language, confidence: 1 }] },
    blocks: [
      {
        blockType: "TEXT",
        paragraphs: [
          {
            words: words.map(({ text: word, left, top, wide, high, isLast }, place) => ({
              boundingBox: box(left, top, left + wide, top + high),
              confidence: place % 5 === 4 ? 0.48 : 0.98,
              symbols: [
                {
                  text: word,
                  property: { detectedBreak: { type: isLast === true ? "LINE_BREAK" : "SPACE" } },
                },
              ],
            })),
          },
        ],
      },
    ],
  };
  return { text, pages: [page] };
}

function color(red: number, green: number, blue: number, part: number): object {
  return { color: { red, green, blue }, score: part, pixelFraction: part / 2 };
}

function box(left: number, top: number, right: number, bottom: number) {
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  return { vertices: corners.map(([x, y]) => ({ x, y })) };
}

function fractions(left: number, top: number, right: number, bottom: number) {
  const { vertices } = box(left, top, right, bottom);
  return { normalizedVertices: vertices.map(({ x, y }) => ({ x: x / width, y: y / height })) };
}
