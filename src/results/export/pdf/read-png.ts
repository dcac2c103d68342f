import { crc32, inflateSync } from "node:zlib";

/** A PNG taken apart; of what may stand in it, that which its picture is made of. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** PNG's number: 0 gray, 2 RGB, 3 indices of the palette; all others have alpha. */
  readonly colorType: number;
  /** Red, green and blue of each color. */
  readonly palette: Uint8Array;
  /** Whether PDF shows the data as they are: it knows neither transparent colors nor interlacing in them. */
  readonly isPlain: boolean;
  /** The compressed rows. */
  readonly data: Uint8Array;
  /** A PNG of these parts alone. */
  readonly bare: Uint8Array;
}

const colorTypesWithoutAlpha = [0, 2, 3];
const signatureBytes = 8;
/** Its length, its type and its checksum. */
const frameBytes = 12;
const used: ReadonlySet<string> = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/**
 * Takes a PNG apart. What it decompresses to is not looked at.
 * @throws RangeError where it is damaged.
 */
export function readPng(png: Uint8Array): PngParts {
  const chunks = [...chunksOf(png)].filter(({ type }) => used.has(type));
  const contentOf = (wanted: string): Buffer =>
    Buffer.concat(chunks.flatMap(({ type, content }) => (type === wanted ? [content] : [])));
  const header = contentOf("IHDR");
  if (header.length !== 13 || chunks[0]?.type !== "IHDR") throw new RangeError("it has no header");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const data = contentOf("IDAT");
  if (width === 0 || height === 0 || data.length === 0) throw new RangeError("it has no pixels");
  const [bitDepth, colorType, isInterlaced] = [header[8] ?? 0, header[9] ?? 0, header[12] !== 0];
  const palette = contentOf("PLTE");
  if (colorType === 3 && palette.length < 3) throw new RangeError("it has no palette");
  const isOpaque =
    colorTypesWithoutAlpha.includes(colorType) && !chunks.some(({ type }) => type === "tRNS");
  return {
    ...{ width, height, bitDepth, colorType, palette, isPlain: isOpaque && !isInterlaced },
    data,
    bare: Buffer.concat([png.subarray(0, signatureBytes), ...chunks.map(({ whole }) => whole)]),
  };
}

/** Takes some 4 bytes of memory for each. */
const maxPixels = 2 ** 28;

/**
 * Sees to it that a PNG takes no more memory and time to decode than what it shows is worth.
 * @throws RangeError or an error of zlib where it would, or where its data are damaged.
 */
export function checkDecoding({ width, height, data }: PngParts): void {
  if (width * height > maxPixels) throw new RangeError(`it claims ${width} by ${height} pixels`);
  // Four samples of two bytes for each pixel, and a byte for each row of seven passes.
  inflateSync(data, { maxOutputLength: width * height * 8 + height * 7 });
}

interface Chunk {
  readonly type: string;
  readonly content: Buffer;
  readonly whole: Buffer;
}

function* chunksOf(png: Uint8Array): Generator<Chunk, void, undefined> {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  for (let at = signatureBytes; at + frameBytes <= bytes.length;) {
    const end = at + frameBytes + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (end > bytes.length) break;
    const checked = bytes.subarray(at + 4, end - 4);
    if (used.has(type) && crc32(checked) !== bytes.readUInt32BE(end - 4)) {
      throw new RangeError(`it is damaged at byte ${at}`);
    }
    yield { type, content: checked.subarray(4), whole: bytes.subarray(at, end) };
    if (type === "IEND") return;
    at = end;
  }
  throw new RangeError("it is cut off");
}
