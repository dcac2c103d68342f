/** The place of the first byte that is not UTF-8, or of the character that is cut off; -1 where all is. */
export function findUtf8Fault(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = lengthAt(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** How many bytes the character at a place has; 0 where there is none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let next = 1; next < length; next++) {
    const code = bytes[at + next] ?? 0;
    const [low, high] = next === 1 ? secondRange(first) : anyContinuation;
    if (code < low || code > high) return 0;
  }
  return length;
}

const anyContinuation = [0x80, 0xbf] as const;

/** The second byte rules out overlong forms, surrogates and what is above U+10FFFF. Source: RFC 3629, section 4. */
function secondRange(first: number): readonly [low: number, high: number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return anyContinuation;
}
