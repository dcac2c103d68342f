/** Orders object names as Cloud Storage lists them: by code point, which is the order of their UTF-8 bytes. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return compareUnits(left, right);
  }
  return a.length - b.length;
}

/** The first name after `name` in the order of {@link compareNames}. */
export function nameAfter(name: string): string {
  return `${name}\0`;
}

/** A surrogate stands for a code point above all of the basic plane, though its number does not. */
function compareUnits(left: number, right: number): number {
  const leftIsSurrogate = isSurrogate(left);
  if (leftIsSurrogate !== isSurrogate(right)) return leftIsSurrogate ? 1 : -1;
  return left - right;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
