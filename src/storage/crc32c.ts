/** The reflected Castagnoli polynomial. Source: RFC 3720, appendix B.4. */
const polynomial = 0x82f63b78;

let cachedTables: readonly Int32Array[] | undefined;

/**
 * The CRC32C of `data`, continuing from `previous`: `crc32c(b, crc32c(a))` is the CRC32C of `a` followed by `b`.
 * @returns an unsigned 32-bit number; 0 for no data.
 */
export function crc32c(data: Uint8Array, previous = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables() as EightTables;
  let crc = ~previous;
  let at = 0;
  for (const whole = data.length - 7; at < whole; at += 8) {
    const low = crc ^ word(data, at);
    crc =
      look(t7, low) ^
      look(t6, low >>> 8) ^
      look(t5, low >>> 16) ^
      look(t4, low >>> 24) ^
      look(t3, data[at + 4]!) ^
      look(t2, data[at + 5]!) ^
      look(t1, data[at + 6]!) ^
      look(t0, data[at + 7]!);
  }
  for (; at < data.length; at += 1) crc = look(t0, crc ^ data[at]!) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A CRC32C as Cloud Storage writes it: base64 of the four big-endian bytes, e.g. `n03x6A==`. */
export function formatCrc32c(crc: number): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString("base64");
}

type EightTables = readonly [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

function word(data: Uint8Array, at: number): number {
  return data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
}

function look(table: Int32Array, index: number): number {
  return table[index & 0xff]!;
}

/** Table n holds the CRC of each byte followed by n zero bytes, so that eight bytes go in one step. */
function tables(): readonly Int32Array[] {
  if (cachedTables !== undefined) return cachedTables;
  const built = [Int32Array.from({ length: 256 }, (_, byte) => crcOfByte(byte))];
  for (let n = 1; n < 8; n += 1) {
    const first = built[0]!;
    built.push(built[n - 1]!.map((crc) => look(first, crc) ^ (crc >>> 8)));
  }
  cachedTables = built;
  return built;
}

function crcOfByte(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  return crc;
}
