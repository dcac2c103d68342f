import { expect } from "chai";
import { StorageError } from "../../src/errors/index.ts";
import {
  bucketNameProblem,
  formatGsUri,
  objectNameProblem,
  parseGsUri,
  parseObjectUri,
} from "../../src/storage/gs-uri.ts";

describe("parseGsUri", () => {
  it("keeps names verbatim", () => {
    for (const name of ["a/b.png", "a b/#1?x=%20&y", "ü/日本/😀", "/", "a//", "%2F"]) {
      const uri = formatGsUri("my-bucket", name);
      expect(parseGsUri(uri)).to.deep.equal({ bucket: "my-bucket", name });
    }
  });

  it("takes a bucket without a name", () => {
    expect(parseGsUri("gs://my-bucket")).to.deep.equal({ bucket: "my-bucket", name: "" });
    expect(parseGsUri("gs://my-bucket/")).to.deep.equal({ bucket: "my-bucket", name: "" });
    expect(() => parseObjectUri("gs://my-bucket/")).to.throw(StorageError, "names no object");
  });

  it("refuses other URIs", () => {
    for (const uri of [
      "",
      "gs:/b/x",
      "GS://b/x",
      "https://storage.googleapis.com/b/x",
      "gs:///x",
    ]) {
      expect(() => parseGsUri(uri), uri).to.throw(StorageError);
    }
  });
});

describe("bucketNameProblem", () => {
  it("accepts what Cloud Storage accepts, and refuses the rest", () => {
    for (const name of ["abc", "my_bucket-1", "www.example.com", "1".repeat(63)]) {
      expect(bucketNameProblem(name), name).to.equal(undefined);
    }
    for (const name of [
      "ab",
      "Abc",
      "-abc",
      "abc-",
      "a..b",
      "..",
      "a/b",
      "1".repeat(64),
      "a b c",
    ]) {
      expect(bucketNameProblem(name), name).to.be.a("string");
    }
  });
});

describe("objectNameProblem", () => {
  it("refuses what Cloud Storage refuses", () => {
    for (const name of ["", ".", "..", "a\rb", "\ud800", "é".repeat(513)]) {
      expect(objectNameProblem(name), name).to.be.a("string");
    }
    for (const name of ["a", "./x", "é".repeat(512)]) {
      expect(objectNameProblem(name), name).to.equal(undefined);
    }
  });
});
