import { expect } from "chai";
import { VisionBatchError } from "../../src/errors/index.ts";
import { parseOperationReference } from "../../src/operations/index.ts";
import { createToken } from "../../src/operations/operation-token.ts";

const name = "projects/p/locations/eu/operations/x";

describe("parseOperationReference", () => {
  it("reads a name, a token, and a token's text", () => {
    const token = createToken(name, "eu-vision.googleapis.com");
    const wanted = { name, host: "eu-vision.googleapis.com" };
    expect(parseOperationReference(name)).to.deep.equal({ name });
    expect(parseOperationReference(token)).to.deep.equal(wanted);
    expect(parseOperationReference(` ${JSON.stringify(token)}\n`)).to.deep.equal(wanted);
  });

  for (const form of [
    "operations/x",
    "projects/p/operations/x",
    "locations/eu/operations/x",
    name,
  ]) {
    it(`takes the name form ${form}`, () => {
      expect(parseOperationReference(form)).to.deep.equal({ name: form });
    });
  }

  for (const bad of [
    "",
    "x",
    "operations/",
    "gs://b/operations/x",
    "operations/a b",
    "{",
    "{}",
    "[]",
  ]) {
    it(`refuses ${JSON.stringify(bad)}`, () => {
      expect(() => parseOperationReference(bad)).to.throw(VisionBatchError);
    });
  }

  it("keeps what the operation was asked to do, and reads tokens that do not tell it", () => {
    const origin = { kind: "asyncBatchAnnotateImages", size: 3, outputs: ["gs://b/o/"] };
    const token = JSON.stringify(createToken(name, "h", { origin }));
    expect(parseOperationReference(token)).to.deep.equal({ name, host: "h", origin });
    for (const unknown of [null, "x", {}, { ...origin, size: "3" }, { ...origin, outputs: [1] }]) {
      const other = JSON.stringify({ ...createToken(name, "h"), origin: unknown });
      expect(parseOperationReference(other)).to.deep.equal({ name, host: "h" });
    }
  });

  it("keeps the span of the submit, whatever else wrote the token", () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const token = JSON.stringify(createToken(name, "h", { traceparent }));
    expect(parseOperationReference(token)).to.deep.equal({ name, host: "h", traceparent });
    const other = JSON.stringify({ ...createToken(name, "h"), traceparent: 1 });
    expect(parseOperationReference(other)).to.deep.equal({ name, host: "h" });
  });

  it("refuses a token of a newer form, and says what to do", () => {
    const token = { ...createToken(name, "h"), version: 2 };
    expect(() => parseOperationReference(JSON.stringify(token))).to.throw(
      VisionBatchError,
      "update",
    );
  });
});
