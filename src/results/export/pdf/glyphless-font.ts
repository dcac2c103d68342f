/** The units of an em in {@link createGlyphlessFont}. */
export const unitsPerEm = 1000;
/** How far every glyph advances, in units of the em. */
export const advance = 500;
/** How far a line reaches above the base line, in units of the em; with {@link descent} it is one em. */
export const ascent = 800;
/** See {@link ascent}. */
export const descent = -200;

/**
 * Makes a TrueType font of two glyphs without ink (`.notdef` and one that stands for every character),
 * with the tables that PDF asks of an embedded font, and no others.
 */
export function createGlyphlessFont(): Uint8Array {
  return joinTables([
    ["glyf", line],
    ["head", head()],
    ["hhea", hhea()],
    ["hmtx", shorts(advance, 0, advance, 0)],
    ["loca", shorts(0, 0, line.length / 2)],
    ["maxp", shorts(1, 0, glyphs, 2, 1, ...new Array<number>(11).fill(0))],
  ]);
}

const glyphs = 2;
/**
 * There and back again over the whole character: it encloses nothing, and yet has the extents by which
 * programs that measure glyphs find the character. Two points on the curve, of a contour that ends at
 * the second, without instructions.
 */
const line = Buffer.concat([
  shorts(1, 0, descent, advance, ascent, 1, 0),
  Buffer.from([1, 1]),
  shorts(0, advance, descent, ascent - descent),
]);
const magic = 0x5f0f3cf5;
/** What the sum of a whole font and its adjustment come to. */
const checksumOfFont = 0xb1b0afba;

function head(): Buffer {
  const table = Buffer.alloc(54);
  table.writeUInt32BE(0x10000, 0);
  table.writeUInt32BE(0x10000, 4);
  table.writeUInt32BE(magic, 12);
  table.writeUInt16BE(0b11, 16);
  table.writeUInt16BE(unitsPerEm, 18);
  table.writeInt16BE(descent, 38);
  table.writeInt16BE(advance, 40);
  table.writeInt16BE(ascent, 42);
  table.writeUInt16BE(8, 46);
  table.writeInt16BE(2, 48);
  return table;
}

function hhea(): Buffer {
  return shorts(1, 0, ascent, descent, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, glyphs);
}

function shorts(...values: readonly number[]): Buffer {
  const table = Buffer.alloc(values.length * 2);
  values.forEach((value, place) => table.writeUInt16BE(value & 0xffff, place * 2));
  return table;
}

function joinTables(tables: readonly (readonly [string, Buffer])[]): Uint8Array {
  const directory = Buffer.alloc(12 + tables.length * 16);
  const power = Math.floor(Math.log2(tables.length));
  shorts(1, 0, tables.length, 16 * 2 ** power, power, 16 * (tables.length - 2 ** power)).copy(
    directory,
  );
  const parts: Buffer[] = [directory];
  let offset = directory.length;
  let headOffset = 0;
  tables.forEach(([tag, content], place) => {
    const padded = Buffer.alloc(Math.ceil(content.length / 4) * 4);
    content.copy(padded);
    const entry = 12 + place * 16;
    directory.write(tag, entry, "latin1");
    directory.writeUInt32BE(checksumOf(padded), entry + 4);
    directory.writeUInt32BE(offset, entry + 8);
    directory.writeUInt32BE(content.length, entry + 12);
    if (tag === "head") headOffset = offset;
    parts.push(padded);
    offset += padded.length;
  });
  const font = Buffer.concat(parts);
  font.writeUInt32BE((checksumOfFont - checksumOf(font)) >>> 0, headOffset + 8);
  return font;
}

function checksumOf(table: Buffer): number {
  let sum = 0;
  for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) >>> 0;
  return sum;
}
