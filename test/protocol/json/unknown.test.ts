import { expect } from "chai";
import { JsonDecodeError } from "../../../src/errors/index.ts";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";
import { loadMessageType } from "../../../src/protocol/message-types.ts";

const typeName = "google.cloud.vision.v1.AnnotateImageResponse";
const record = { enums: "name" } as const;
const hostile = JSON.parse(
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":2}',
) as object;

describe("the JSON codec and what it does not know", () => {
  let codec: JsonCodec;
  before(async () => {
    codec = await loadJsonCodec("v1");
  });

  it("keeps unknown members where they are, and writes them back", () => {
    const json = {
      newAnnotation: { score: 1, list: [null] },
      labelAnnotations: [{ mid: "/m/1", newField: null, deep: { x: 0 } }],
      context: { uri: "gs://b/o", new_name: "" },
    };
    const message = codec.fromJson(typeName, json);
    expect(message).to.have.deep.property("newAnnotation", json.newAnnotation);
    expect(message.labelAnnotations[0]).to.include({ newField: null });
    expect(codec.toJson(typeName, message)).to.deep.equal(json);
    expect(codec.fromJson(typeName, json, record)).to.deep.equal(json);
    expect(codec.toJson(typeName, json, record)).to.deep.equal(json);
  });

  it("makes hostile names members like all others, and pollutes nothing", () => {
    const json = { ...hostile, context: hostile, labelAnnotations: [hostile] };
    Object.defineProperty(json, "__proto__", { value: { polluted: 1 }, enumerable: true });
    const text = JSON.stringify(json);
    for (const options of [{}, record, { ...record, reuse: true }]) {
      const read = codec.fromJson(typeName, JSON.parse(text), options);
      expect(JSON.parse(JSON.stringify(codec.toJson(typeName, read, options)))).to.deep.equal(
        JSON.parse(text),
      );
      expect(Object.getPrototypeOf(read)).to.equal(Object.prototype);
      expect(Object.hasOwn(read, "__proto__")).to.equal(true);
    }
    expect({}).not.to.have.property("polluted");
  });

  it("does so also where a member must be renamed or dropped in place", () => {
    const text = '{"__proto__":{"polluted":1},"image_properties_annotation":{},"error":null,"z":1}';
    const read = codec.fromJson(typeName, JSON.parse(text), { ...record, reuse: true });
    expect(JSON.stringify(read)).to.equal(
      '{"__proto__":{"polluted":1},"imagePropertiesAnnotation":{},"z":1}',
    );
    expect({}).not.to.have.property("polluted");
  });

  it("keeps hostile keys of maps", () => {
    const metadata = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const message = codec.fromJson("google.rpc.ErrorInfo", { metadata });
    expect(Object.keys(message.metadata)).to.deep.equal(["__proto__", "constructor"]);
    expect(JSON.stringify(codec.toJson("google.rpc.ErrorInfo", message))).to.equal(
      '{"metadata":{"__proto__":"a","constructor":"b"}}',
    );
  });

  it("refuses a member that ts-proto would write to the wire unseen", () => {
    const json = { _unknownFields: { 10: ["x"] } };
    expect(() => codec.fromJson(typeName, json)).to.throw(JsonDecodeError, "_unknownFields");
    expect(codec.fromJson(typeName, json, record)).to.deep.equal(json);
  });

  it("does not take inherited members for the object's own", () => {
    const name = "google.cloud.vision.v1.ImageAnnotationContext";
    const json = { pageNumber: 1 };
    const attributes = { value: "inherited", enumerable: true, configurable: true, writable: true };
    Object.defineProperty(Object.prototype, "uri", attributes);
    let read: object[];
    try {
      read = [
        codec.fromJson(name, json, record),
        codec.fromJson(name, { ...json }, { ...record, reuse: true }),
        codec.toJson(name, json),
        codec.fromJson(name, json),
      ];
    } finally {
      Reflect.deleteProperty(Object.prototype, "uri");
    }
    expect(read).to.deep.equal([json, json, json, { ...json, uri: "" }]);
  });

  it("keeps unknown names of enums as they are; the binary encoder then throws", async () => {
    const json = { safeSearchAnnotation: { adult: "VERY_NEW", racy: "LIKELY", spoof: 77 } };
    const message = codec.fromJson(typeName, json);
    expect(message.safeSearchAnnotation).to.include({ adult: "VERY_NEW", racy: 4, spoof: 77 });
    expect(codec.toJson(typeName, message)).to.deep.equal(json);
    expect(codec.fromJson(typeName, json, record)).to.deep.equal(json);
    const type = await loadMessageType(typeName);
    expect(() => type?.encode(message as never)).to.throw("int32");
  });
});
