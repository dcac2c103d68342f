import { CRC32C } from "@google-cloud/storage";
import { expect } from "chai";
import fc from "fast-check";
import { crc32c, formatCrc32c } from "../../src/storage/crc32c.ts";

describe("crc32c", () => {
  it("has the value that RFC 3720 gives for 32 zero bytes", () => {
    expect(crc32c(new Uint8Array(32))).to.equal(0x8a9136aa);
  });

  it("agrees with Google's own on any bytes, cut anywhere", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        const oracle = new CRC32C();
        oracle.update(Buffer.from(left));
        oracle.update(Buffer.from(right));
        expect(formatCrc32c(crc32c(right, crc32c(left)))).to.equal(oracle.toString());
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
