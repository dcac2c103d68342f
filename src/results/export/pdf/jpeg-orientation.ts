/**
 * How a JPEG is turned and mirrored before it is shown: the EXIF orientation, from 1 (as it is) to 8. The
 * service tells boxes of the picture as it is shown, and PDF shows it as it is stored.
 */
export function readJpegOrientation(jpeg: Uint8Array): number {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const exif = findExif(bytes);
  const value = exif === undefined ? undefined : readOrientation(exif);
  return value !== undefined && value >= 1 && value <= 8 ? value : 1;
}

const startOfScan = 0xffda;
const applicationSegment1 = 0xffe1;
const exifHeader = "Exif\0\0";
const orientationTag = 0x0112;

/** The TIFF structure in the segment that holds EXIF. */
function findExif(jpeg: Buffer): Buffer | undefined {
  for (let at = 2; at + 4 <= jpeg.length;) {
    const marker = jpeg.readUInt16BE(at);
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (marker === startOfScan || marker >> 8 !== 0xff) return undefined;
    const content = jpeg.subarray(at + 4, end);
    const isExif = content.toString("latin1", 0, exifHeader.length) === exifHeader;
    if (marker === applicationSegment1 && isExif) return content.subarray(exifHeader.length);
    at = end;
  }
  return undefined;
}

function readOrientation(tiff: Buffer): number | undefined {
  if (tiff.length < 8) return undefined;
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const short = (at: number): number => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  const entries = short(directory);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.length) return undefined;
    if (short(at) === orientationTag) return short(at + 8);
  }
  return undefined;
}
