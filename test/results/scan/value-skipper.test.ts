import { expect } from "chai";
import fc from "fast-check";
import { toChunk } from "../../../src/results/scan/chunk.ts";
import { ValueSkipper } from "../../../src/results/scan/value-skipper.ts";

const options = { seed: 20261122, numRuns: 3000 };

/** The end of the value that a text begins with, and the first bracket deeper than a limit: byte by byte, as plainly as can be. */
function plainEnd(bytes: Uint8Array, limit: number): { end: number; tooDeepAt: number } {
  let depth = 0;
  let inString = false;
  let tooDeepAt = -1;
  for (let at = 0; at < bytes.length; at++) {
    const character = String.fromCharCode(bytes[at] ?? 0);
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if ("[{".includes(character)) {
      if (++depth > limit && tooDeepAt < 0) tooDeepAt = at;
    } else if ("]}".includes(character)) {
      depth--;
    }
    if (depth === 0 && !inString) return { end: at + 1, tooDeepAt };
  }
  return { end: -1, tooDeepAt };
}

/** What the skipper finds in pieces that end at some places. */
function skippedEnd(bytes: Uint8Array, limit: number, ends: readonly number[]) {
  const skipper = new ValueSkipper();
  skipper.begin(limit);
  let start = 0;
  for (const place of [...ends.map((end) => end % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )) {
    const end = skipper.run(toChunk(bytes.subarray(start, place), start), 0);
    if (end >= 0) return { end: start + end, tooDeepAt: skipper.tooDeepAt };
    start = place;
  }
  return { end: -1, tooDeepAt: skipper.tooDeepAt };
}

const strings = fc.oneof(
  fc.constantFrom(
    "",
    "\\",
    '"',
    '\\"',
    "[{",
    "]}]}",
    "\\".repeat(63),
    `${"\\".repeat(64)}"`,
    "€",
    "x".repeat(200),
  ),
  fc.string({ maxLength: 90, unit: fc.constantFrom('"', "\\", "[", "}", "a", "é") }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    strings,
    fc.constantFrom<unknown>(1.25, null, -12345678),
    fc.array(tie("value"), { minLength: 1, maxLength: 12 }),
    fc.dictionary(strings, tie("value"), { minKeys: 1, maxKeys: 8 }),
  ),
}));
/** Long enough for blocks, and behind brackets enough for them to stay within. */
const long = fc
  .tuple(fc.array(value, { minLength: 4, maxLength: 20 }), fc.nat(8), fc.nat(70))
  .map(([list, depth, pad]) => {
    const inner = JSON.stringify([...list, "p".repeat(pad), ...list]);
    return `${"[".repeat(depth)}${inner}${"]".repeat(depth)}, [1, 2]`;
  });

describe("ValueSkipper", () => {
  it("finds the end of any value in any pieces, by blocks as byte by byte", () => {
    let blocks = 0;
    fc.assert(
      fc.property(long, fc.nat(12), fc.array(fc.nat(), { maxLength: 6 }), (text, limit, ends) => {
        const bytes = Buffer.from(text);
        const expected = plainEnd(bytes, limit);
        expect(skippedEnd(bytes, limit, ends)).to.deep.equal(expected);
        expect(skippedEnd(bytes, limit, [])).to.deep.equal(expected);
        if (bytes.length > 2048) blocks++;
      }),
      options,
    );
    expect(blocks).to.be.greaterThan(300);
  });

  it("finds runs of backslashes over the borders of blocks", () => {
    for (let start = 0; start < 130; start++) {
      for (const run of [1, 2, 63, 64, 65, 127, 128]) {
        const text = `[["${"x".repeat(600 + start)}${"\\".repeat(run)}${run % 2 === 1 ? '"]' : ""}", ["${"y".repeat(900)}"]]] `;
        const bytes = Buffer.from(text);
        expect(skippedEnd(bytes, 10, []).end).to.equal(text.length - 1);
      }
    }
  });

  it("goes through values larger than its window", () => {
    const text = JSON.stringify(
      Array.from({ length: 40_000 }, (_, at) => ({ at, text: `${at}"]` })),
    );
    expect(text.length).to.be.greaterThan(1_000_000);
    expect(skippedEnd(Buffer.from(`${text},`), 10, []).end).to.equal(text.length);
    expect(skippedEnd(Buffer.from(`${text},`), 10, [100_000, 700_001]).end).to.equal(text.length);
  });
});
