/** The reflected Castagnoli polynomial. Source: RFC 3720, appendix B.4. */
const polynomial = 0x82f63b78;

let cachedTable: Int32Array | undefined;

/**
 * The CRC32C of `data`, continuing from `previous`: `crc32c(b, crc32c(a))` is the CRC32C of `a` followed by `b`.
 * @returns an unsigned 32-bit number; 0 for no data.
 */
export function crc32c(data: Uint8Array, previous = 0): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const table = slicingTable();
  let crc = ~previous;
  let at = 0;
  for (const whole = data.length - 15; at < whole; at += 16) {
    const first = crc ^ view.getInt32(at, true);
    const second = view.getInt32(at + 4, true);
    const third = view.getInt32(at + 8, true);
    const fourth = view.getInt32(at + 12, true);
    crc =
      look(table, 15, first) ^
      look(table, 14, first >>> 8) ^
      look(table, 13, first >>> 16) ^
      look(table, 12, first >>> 24) ^
      look(table, 11, second) ^
      look(table, 10, second >>> 8) ^
      look(table, 9, second >>> 16) ^
      look(table, 8, second >>> 24) ^
      look(table, 7, third) ^
      look(table, 6, third >>> 8) ^
      look(table, 5, third >>> 16) ^
      look(table, 4, third >>> 24) ^
      look(table, 3, fourth) ^
      look(table, 2, fourth >>> 8) ^
      look(table, 1, fourth >>> 16) ^
      look(table, 0, fourth >>> 24);
  }
  for (; at < data.length; at += 1) crc = look(table, 0, crc ^ view.getUint8(at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A CRC32C as Cloud Storage writes it: base64 of the four big-endian bytes, e.g. `n03x6A==`. */
export function formatCrc32c(crc: number): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString("base64");
}

/** The entry of the low byte of `index` in one of the tables; there always is one. */
function look(table: Int32Array, slice: number, index: number): number {
  return table[(slice << 8) | (index & 0xff)] ?? 0;
}

/** Sixteen tables in one: table n has the CRC of each byte followed by n zero bytes, so that sixteen bytes go in one step. */
function slicingTable(): Int32Array {
  if (cachedTable !== undefined) return cachedTable;
  const table = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte += 1) table[byte] = crcOfByte(byte);
  for (let slice = 1; slice < 16; slice += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const crc = look(table, slice - 1, byte);
      table[(slice << 8) | byte] = look(table, 0, crc) ^ (crc >>> 8);
    }
  }
  cachedTable = table;
  return table;
}

function crcOfByte(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  return crc;
}
