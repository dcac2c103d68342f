import { expect } from "chai";
import { escapeForTerminal, toSafeJson } from "../../../src/cli/render/escape.ts";

/** Every character that a terminal may obey or that reorders text. */
const hostile = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, offset) => 0x7f + offset),
  ...[0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));

describe("escapeForTerminal", () => {
  it("leaves no character that a terminal may obey", () => {
    for (const character of hostile) {
      const escaped = escapeForTerminal(`a${character}b`);
      expect(escaped, character.charCodeAt(0).toString(16)).to.match(/^a[\x21-\x7e]+b$/);
    }
  });

  it("shows what was there", () => {
    expect(escapeForTerminal("a\n\u001b[2J\u009b1m\u202eb")).to.equal(
      "a\\n\\x1b[2J\\x9b1m\\u202eb",
    );
  });

  it("leaves other text as it is", () => {
    const text = "Grüße, ราคา, مرحبا, 𝒳 👩‍👩‍👧 \\x1b";
    expect(escapeForTerminal(text)).to.equal(text);
  });
});

describe("toSafeJson", () => {
  it("writes JSON that means the same and holds nothing that a terminal may obey", () => {
    for (const character of hostile) {
      const value = { [`key${character}`]: [`a${character}b`] };
      const json = toSafeJson(value);
      expect(json).to.match(/^[\x20-\x7e]+$/);
      expect(JSON.parse(json)).to.deep.equal(value);
    }
  });
});
