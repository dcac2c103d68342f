import { expect } from "chai";
import { parseTraceparent, toTraceparent } from "../../src/telemetry/traceparent.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

describe("a traceparent", () => {
  for (const traceFlags of [0, 1]) {
    it(`names a span with the flags ${traceFlags}, there and back`, () => {
      const text = toTraceparent({ traceId, spanId, traceFlags });
      expect(text).to.equal(`00-${traceId}-${spanId}-0${traceFlags}`);
      expect(parseTraceparent(text)).to.deep.equal({ traceId, spanId, traceFlags });
    });
  }

  it("has no flags but whether the span is recorded", () => {
    expect(toTraceparent({ traceId, spanId, traceFlags: 3 })).to.match(/-01$/);
    expect(parseTraceparent(`00-${traceId}-${spanId}-ff`)).to.include({ traceFlags: 1 });
  });

  for (const text of [
    ...[undefined, 1, "", `00-${traceId}-${spanId}`, `01-${traceId}-${spanId}-01`],
    ...[`00-${"0".repeat(32)}-${spanId}-01`, `00-${traceId}-${"0".repeat(16)}-01`],
    ...[`00-${traceId.toUpperCase()}-${spanId}-01`, ` 00-${traceId}-${spanId}-01`],
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(parseTraceparent(text)).to.equal(undefined);
    });
  }
});
