import { expect } from "chai";
import { JsonDecodeError, JsonEncodeError } from "../../../src/errors/index.ts";
import { createJsonCodec } from "../../../src/protocol/json/create-json-codec.ts";

const codec = createJsonCodec(
  [
    {
      packageName: "t",
      messages: {
        M: [
          "1 a_double double",
          "2 a_float float",
          "3 an_int32 int32",
          "4 a_uint32 uint32",
          "5 a_sint64 sint64",
          "6 a_fixed64 fixed64",
          "7 a_bool bool",
          "8 a_string string",
          "9 a_bytes bytes",
          "10 an_enum E",
          "11 list repeated int32",
          "12 map map<string,E>",
          "13 maybe optional string",
          "14 one int32 oneof=choice",
          "15 other M oneof=choice",
          "16 messages repeated M",
          "17 custom string json=Renamed",
          "18 struct .google.protobuf.Struct",
          "19 value .google.protobuf.Value",
        ],
      },
      enums: { E: { ZERO: 0, ONE: 1, ALSO_ONE: 1, MINUS: -1 } },
    },
  ],
  new Map(),
);

const message = (json: unknown): Record<string, unknown> => codec.fromJson("t.M", json);
const record = (json: unknown): Record<string, unknown> =>
  codec.fromJson("t.M", structuredClone(json), { enums: "name" });
const canonical = (json: unknown): unknown => codec.toJson("t.M", message(json));

describe("the JSON codec's values", () => {
  const readings: readonly (readonly [field: string, json: unknown, inMessage: unknown])[] = [
    ["aDouble", 1.5, 1.5],
    ["aDouble", "-1.5e-3", -0.0015],
    ["aDouble", "NaN", Number.NaN],
    ["aDouble", "Infinity", Infinity],
    ["aFloat", "-Infinity", -Infinity],
    ["aFloat", 3.4028234e38, 3.4028234e38],
    ["aFloat", 3.4028235e38, 3.4028234663852886e38],
    ["aFloat", "-3.4028235e38", -3.4028234663852886e38],
    ["anInt32", 1e3, 1000],
    ["anInt32", "1e3", 1000],
    ["anInt32", "1.0", 1],
    ["anInt32", "120e-1", 12],
    ["anInt32", -2147483648, -2147483648],
    ["anInt32", "-0", 0],
    ["aUint32", 4294967295, 4294967295],
    ["aSint64", 12, "12"],
    ["aSint64", "-9223372036854775808", "-9223372036854775808"],
    ["aSint64", "5.0e1", "50"],
    ["aFixed64", "18446744073709551615", "18446744073709551615"],
    ["aBool", true, true],
    ["aString", "𝕏\u0000", "𝕏\u0000"],
    ["aBytes", "-_-_", Buffer.from([0xfb, 0xff, 0xbf])],
    ["aBytes", "+/+/", Buffer.from([0xfb, 0xff, 0xbf])],
    ["aBytes", "aGk=", Buffer.from("hi")],
    ["aBytes", "aGk", Buffer.from("hi")],
    ["anEnum", "ONE", 1],
    ["anEnum", "ALSO_ONE", 1],
    ["anEnum", -1, -1],
    ["anEnum", 77, 77],
    ["anEnum", "NEW_NAME", "NEW_NAME"],
    ["list", [1, "2", 3.0], [1, 2, 3]],
    ["map", { a: "ONE", ["__proto__"]: 0 }, { a: 1, ["__proto__"]: 0 }],
    ["maybe", "", ""],
    ["one", 0, 0],
    ["value", null, null],
    ["value", [1, { a: null }], [1, { a: null }]],
    ["struct", { a: [true] }, { a: [true] }],
  ];
  for (const [field, json, inMessage] of readings) {
    it(`reads ${field} from ${JSON.stringify(json)}`, () => {
      expect(message({ [field]: json })[field]).to.deep.equal(inMessage);
    });
  }

  const refusals: readonly (readonly [field: string, json: unknown])[] = [
    ["aDouble", "1,5"],
    ["aDouble", ""],
    ["aDouble", " 1"],
    ["aDouble", "0x10"],
    ["aDouble", "nan"],
    ["aDouble", "1e999"],
    ["aDouble", Infinity],
    ["aDouble", true],
    ["aFloat", 3.5e38],
    ["aFloat", "-3.5e38"],
    ["anInt32", 1.5],
    ["anInt32", "1.5"],
    ["anInt32", 2147483648],
    ["anInt32", "1e10"],
    ["anInt32", "01"],
    ["anInt32", " 1"],
    ["anInt32", ""],
    ["anInt32", "1e999999"],
    ["anInt32", `1${"0".repeat(1000)}`],
    ["anInt32", false],
    ["aUint32", -1],
    ["aSint64", "9223372036854775808"],
    ["aSint64", 1e19],
    ["aSint64", 0.5],
    ["aSint64", "abc"],
    ["aFixed64", "-1"],
    ["aBool", "true"],
    ["aBool", 1],
    ["aString", 1],
    ["aBytes", "a"],
    ["aBytes", "aG k"],
    ["aBytes", "aGk=="],
    ["aBytes", "*Gk="],
    ["aBytes", "aG=k"],
    ["aBytes", 7],
    ["anEnum", 1.5],
    ["anEnum", 2147483648],
    ["anEnum", true],
    ["anEnum", ""],
    ["anEnum", "1"],
    ["anEnum", "-0"],
    ["anEnum", " ONE"],
    ["aFloat", 3.4028235677973366e38],
    ["aFloat", "1e400"],
    ["list", 1],
    ["list", { 0: 1 }],
    ["list", [null]],
    ["map", []],
    ["map", { a: null }],
    ["other", []],
    ["other", "x"],
    ["messages", [null]],
    ["struct", []],
    ["value", Number.NaN],
  ];
  for (const [field, json] of refusals) {
    it(`refuses ${field} of ${JSON.stringify(json).slice(0, 30)} in both forms`, () => {
      for (const read of [message, record]) {
        expect(() => read({ [field]: json }))
          .to.throw(JsonDecodeError)
          .with.property("path")
          .that.satisfies((path: string) => path.startsWith(field));
      }
    });
  }

  it("refuses a lone surrogate where it would go to the wire, and keeps it in a record", () => {
    expect(() => message({ aString: "\ud83d" })).to.throw(JsonDecodeError, "surrogate");
    expect(record({ aString: "\ud83d" })).to.deep.equal({ aString: "\ud83d" });
    const elsewhere = [
      { map: { "\ud83d": 1 } },
      { struct: { "\ud83d": 1 } },
      { value: ["\ud83d"] },
    ];
    for (const json of elsewhere)
      expect(() => message(json)).to.throw(JsonDecodeError, "surrogate");
    expect(record({ map: { "\ud83d": "ONE" } })).to.deep.equal({ map: { "\ud83d": "ONE" } });
  });

  it("takes null as absent wherever it is no value", () => {
    const names = ["aDouble", "aBool", "aBytes", "anEnum", "list", "map", "maybe", "one", "other"];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    expect(message(nulls)).to.deep.equal(message({}));
    expect(record(nulls)).to.deep.equal({});
    expect(canonical({ ...nulls, value: null })).to.deep.equal({ value: null });
    expect(record({ value: null })).to.deep.equal({ value: null });
  });

  it("reads proto names and JSON names, and writes JSON names", () => {
    const json = { a_double: 1, aFloat: 2, list: [1], custom: "a", messages: [{ an_int32: 3 }] };
    const written = { aDouble: 1, aFloat: 2, list: [1], Renamed: "a", messages: [{ anInt32: 3 }] };
    expect(canonical(json)).to.deep.equal(written);
    expect(record(json)).to.deep.equal(written);
    expect(message({ Renamed: "a" })).to.have.property("custom", "a");
  });

  it("refuses a field under both names, and two members of one oneof", () => {
    for (const read of [message, record]) {
      for (const json of [
        { a_double: 1, aDouble: 2 },
        { aDouble: 2, a_double: 1 },
      ]) {
        expect(() => read(json)).to.throw(JsonDecodeError, "the same field again");
      }
      expect(() => read({ one: 0, other: {} })).to.throw(JsonDecodeError, "only one of");
      expect(() => read({ a_double: null, aDouble: 2, one: 1, other: null })).not.to.throw();
    }
  });

  it("fills a message with defaults and a record with nothing", () => {
    expect(message({})).to.deep.equal({
      aDouble: 0,
      aFloat: 0,
      anInt32: 0,
      aUint32: 0,
      aSint64: "0",
      aFixed64: "0",
      aBool: false,
      aString: "",
      aBytes: Buffer.alloc(0),
      anEnum: 0,
      list: [],
      map: {},
      maybe: undefined,
      one: undefined,
      other: undefined,
      messages: [],
      custom: "",
      struct: undefined,
      value: undefined,
    });
    expect(canonical({})).to.deep.equal({});
    expect(record({})).to.deep.equal({});
  });

  it("leaves out defaults, but not those that were set by choice", () => {
    const json = {
      aDouble: 0,
      anInt32: "0",
      aSint64: 0,
      aBool: false,
      aString: "",
      aBytes: "",
      anEnum: "ZERO",
      list: [],
      map: {},
    };
    const chosen = { maybe: "", one: 0 };
    expect(canonical({ ...json, ...chosen })).to.deep.equal(chosen);
    expect(record({ ...json, ...chosen })).to.deep.equal(chosen);
  });

  it("keeps in a record what JSON has no number for as a string", () => {
    const json = { aDouble: "NaN", aFloat: "-Infinity", aSint64: "1e2", anInt32: "7" };
    const written = { aDouble: "NaN", aFloat: "-Infinity", aSint64: "100", anInt32: 7 };
    expect(record(json)).to.deep.equal(written);
    expect(canonical(json)).to.deep.equal(written);
  });

  it("writes a float of four bytes with the fewest digits, and any other as it is", () => {
    const written = (aFloat: number): unknown => codec.toJson("t.M", { aFloat })["aFloat"];
    expect(written(Math.fround(0.98))).to.equal(0.98);
    expect(written(Math.fround(3e38))).to.equal(3e38);
    expect(written(Math.fround(16777217))).to.equal(16777216);
    expect(written(0.123456789)).to.equal(0.123456789);
    for (let float = 1e-30; float < 1e30; float *= 1.37) {
      expect(Math.fround(written(Math.fround(float)) as number)).to.equal(Math.fround(float));
    }
  });

  it("tells the path of what is wrong", () => {
    const json = { messages: [{}, { map: { "a b": "ONE", c: [] } }] };
    for (const read of [message, record]) {
      expect(() => read(json))
        .to.throw(JsonDecodeError)
        .that.includes({ path: "messages[1].map.c", typeName: "t.M" });
      expect(() => read({ map: { "a b": [] } })).to.throw(JsonDecodeError, 'map["a b"] of t.M');
      expect(() => read([])).to.throw(JsonDecodeError, /^t\.M cannot .* found an array$/);
    }
  });

  it("refuses to write what does not fit the type, with its path", () => {
    const wrong = [
      { aDouble: "1" },
      { anInt32: 1.5 },
      { aSint64: "x" },
      { aBool: 1 },
      { aString: 1 },
      { aBytes: "aGk=" },
      { anEnum: 1.5 },
      { list: {} },
      { map: [] },
      { other: 1 },
      { one: 1, other: {} },
    ];
    for (const fields of wrong) {
      const last = Object.keys(fields).at(-1);
      expect(() => codec.toJson("t.M", { messages: [fields] }))
        .to.throw(JsonEncodeError)
        .with.property("path", `messages[0].${last ?? ""}`);
    }
  });

  it("ends at the depth that is asked for, in every form", () => {
    const nest = (levels: number): object => (levels === 1 ? {} : { other: nest(levels - 1) });
    const deep = nest(101);
    expect(canonical(nest(100))).to.deep.equal(nest(100));
    expect(() => message(deep)).to.throw(JsonDecodeError, "deeper than 100");
    expect(() => record(deep)).to.throw(JsonDecodeError, "deeper than 100");
    expect(() => codec.toJson("t.M", deep)).to.throw(JsonEncodeError, "deeper than 100");
    const options = { maxDepth: 3 };
    expect(() => codec.fromJson("t.M", nest(4), options)).to.throw(JsonDecodeError, "than 3");
    expect(codec.fromJson("t.M", nest(3), options)).to.be.an("object");
    const wide = { messages: Array.from({ length: 200 }, () => ({ other: {} })) };
    expect(codec.toJson("t.M", codec.fromJson("t.M", wide, options), options)).to.deep.equal(wide);
    let list: unknown[] = [];
    for (let level = 0; level < 100_000; level++) list = [list];
    expect(() => message({ value: list })).to.throw(JsonDecodeError, "deeper than 100");
  });

  it("refuses a type that it does not have", () => {
    expect(codec.knows("t.M")).to.equal(true);
    expect(codec.knows("t.N")).to.equal(false);
    expect(() => codec.fromJson("t.N", {})).to.throw(TypeError, "t.N");
    expect(() => codec.toJson("toString", {})).to.throw(TypeError, "toString");
  });
});
