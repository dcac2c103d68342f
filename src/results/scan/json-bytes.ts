/** The bytes that JSON is structured by. */
export const byte = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** Whether a byte is whitespace of JSON. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Whether a byte may begin a number, `true`, `false` or `null`. */
export function beginsScalar(code: number): boolean {
  return isDigit(code) || code === 0x2d || code === 0x74 || code === 0x66 || code === 0x6e;
}

/** Whether a byte may stand in a number, `true`, `false` or `null`. */
export function isOfScalar(code: number): boolean {
  return (
    isDigit(code) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x45
  );
}

/** Whether a byte is one of `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** How a byte is told of in an error. */
export function describeByte(code: number): string {
  return code > 0x20 && code < 0x7f
    ? JSON.stringify(String.fromCharCode(code))
    : `the byte 0x${code.toString(16).padStart(2, "0")}`;
}
