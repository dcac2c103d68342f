import { expect } from "chai";
import fc from "fast-check";
import { findJsonFault } from "../../../src/results/scan/json-fault.ts";
import { parseJson } from "../../../src/results/scan/parse-json.ts";
import { ScanFault } from "../../../src/results/scan/scan-fault.ts";
import { findUtf8Fault } from "../../../src/results/scan/utf8-fault.ts";

const options = { seed: 20261122, numRuns: 2000 };

/** JSON with a few bytes replaced, left out or put in. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(
      fc.tuple(
        fc.nat(200),
        fc.constantFrom(...Array.from('[]{},:"\\0-1.eEtfnu \n\u0001')),
        fc.nat(1),
      ),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([json, changes]) =>
    changes.reduce(
      (text, [place, put, removed]) =>
        text.slice(0, place % (text.length + 1)) +
        put +
        text.slice((place % (text.length + 1)) + removed),
      json,
    ),
  );

describe("findJsonFault", () => {
  it("finds a fault where JSON.parse does, and nowhere else", () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const fault = findJsonFault(Buffer.from(text));
        expect(fault === -1).to.equal(isJson(text));
      }),
      options,
    );
  });

  it("finds the byte from which nothing could make it JSON again", () => {
    for (const [text, fault] of [
      ['{"a":1,}', 7],
      ['{"ä":tru}', 9],
      ["[1,2", 4],
      ["", 0],
      ["[01]", 2],
      ['["\\u12x4"]', 6],
      ["[1] 2", 4],
      ['["a\nb"]', 3],
      ["[1.]", 3],
      ["{1:2}", 1],
      ['{"a" 1}', 5],
    ] as const) {
      expect(findJsonFault(Buffer.from(text)), text).to.equal(fault);
    }
  });

  it("is not harmed by deep nesting", () => {
    expect(findJsonFault(Buffer.from("[".repeat(100_000)))).to.equal(100_000);
  });
});

describe("findUtf8Fault", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });

  it("finds a fault where the platform's decoder does", () => {
    const bytes = fc.array(
      fc.oneof(
        fc.constantFrom(0x41, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0x80, 0xa0, 0xbf, 0x8f),
        fc.nat(255),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(bytes, (list) => {
        const given = Uint8Array.from(list);
        const fault = findUtf8Fault(given);
        expect(fault === -1).to.equal(isDecoded(given));
        if (fault >= 0) expect(isDecoded(given.subarray(0, fault))).to.equal(true);
      }),
      { ...options, numRuns: 20_000 },
    );
  });

  function isDecoded(bytes: Uint8Array): boolean {
    try {
      decoder.decode(bytes);
      return true;
    } catch {
      return false;
    }
  }
});

describe("parseJson", () => {
  it("tells the byte at which it breaks, a byte order mark counted", () => {
    for (const [bytes, offset] of [
      [Buffer.from('\ufeff{"ä":]'), 9],
      [Buffer.from('{"ä":]'), 6],
      [Uint8Array.of(0x22, 0xff, 0x22), 1],
    ] as const) {
      const error = thrownBy(() => parseJson(bytes));
      expect(error).to.be.instanceOf(ScanFault);
      expect((error as ScanFault).offset).to.equal(offset);
    }
  });

  it("takes one byte order mark only", () => {
    expect(parseJson(Buffer.from("\ufeff1"))).to.equal(1);
    expect(thrownBy(() => parseJson(Buffer.from("\ufeff\ufeff1")))).to.be.instanceOf(ScanFault);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail("it should have thrown");
}
