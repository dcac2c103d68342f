import { expect } from "chai";
import { JsonDecodeError, JsonEncodeError } from "../../../src/errors/index.ts";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";
import { loadMessageType } from "../../../src/protocol/message-types.ts";

const record = { enums: "name" } as const;

describe("the JSON codec's well-known types", () => {
  let codec: JsonCodec;
  before(async () => {
    codec = await loadJsonCodec("v1");
  });

  const times: readonly (readonly [
    json: string,
    seconds: string,
    nanos: number,
    written: string,
  ])[] = [
    ["1970-01-01T00:00:00Z", "0", 0, "1970-01-01T00:00:00Z"],
    ["1972-01-01T10:00:20.021Z", "63108020", 21000000, "1972-01-01T10:00:20.021Z"],
    ["2026-11-22T17:00:00.123456789Z", "1795366800", 123456789, "2026-11-22T17:00:00.123456789Z"],
    ["2026-11-22T17:00:00.1234Z", "1795366800", 123400000, "2026-11-22T17:00:00.123400Z"],
    ["2026-11-22T17:00:00.5+01:30", "1795361400", 500000000, "2026-11-22T15:30:00.500Z"],
    ["1969-12-31T23:59:59.9Z", "-1", 900000000, "1969-12-31T23:59:59.900Z"],
    ["0001-01-01T00:00:00Z", "-62135596800", 0, "0001-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59.999999999Z", "253402300799", 999999999, "9999-12-31T23:59:59.999999999Z"],
    ["2024-02-29T00:00:00-00:00", "1709164800", 0, "2024-02-29T00:00:00Z"],
  ];
  for (const [json, seconds, nanos, written] of times) {
    it(`reads the time ${json}`, () => {
      const name = "google.cloud.vision.v1.OperationMetadata";
      const message = codec.fromJson(name, { createTime: json });
      expect(message.createTime).to.deep.equal({ seconds, nanos });
      expect(codec.toJson(name, message)).to.deep.equal({ createTime: written });
      expect(codec.fromJson(name, { createTime: json }, record)).to.deep.equal({
        createTime: written,
      });
    });
  }

  const noTimes = [
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00",
    "2026-01-01 00:00:00Z",
    "2026-01-01t00:00:00z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00.1234567890Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+01:60",
    "0000-12-31T23:59:59Z",
    "9999-12-31T23:59:59-00:01",
    "",
    0,
    {},
  ];
  for (const json of noTimes) {
    it(`refuses the time ${JSON.stringify(json)}`, () => {
      expect(() => codec.fromJson("google.protobuf.Timestamp", json)).to.throw(JsonDecodeError);
    });
  }

  const durations: readonly (readonly [
    json: string,
    seconds: string,
    nanos: number,
    written: string,
  ])[] = [
    ["0s", "0", 0, "0s"],
    ["-0.5s", "0", -500000000, "-0.500s"],
    ["1.000000001s", "1", 1, "1.000000001s"],
    ["-315576000000.999999999s", "-315576000000", -999999999, "-315576000000.999999999s"],
    ["3.00001s", "3", 10000, "3.000010s"],
  ];
  for (const [json, seconds, nanos, written] of durations) {
    it(`reads the duration ${json}`, () => {
      const message = codec.fromJson("google.rpc.RetryInfo", { retryDelay: json });
      expect(message.retryDelay).to.deep.equal({ seconds, nanos });
      expect(codec.toJson("google.rpc.RetryInfo", message)).to.deep.equal({ retryDelay: written });
    });
  }

  for (const json of ["1", "s", "1.s", ".5s", "+1s", "315576000001s", "1.0000000001s", "1e3s", 1]) {
    it(`refuses the duration ${JSON.stringify(json)}`, () => {
      expect(() => codec.fromJson("google.protobuf.Duration", json)).to.throw(JsonDecodeError);
    });
  }

  it("refuses to write times and durations that have no JSON", () => {
    for (const [seconds, nanos] of [
      ["253402300800", 0],
      ["-62135596801", 0],
      ["0", -1],
      ["0", 1e9],
    ]) {
      const message = { createTime: { seconds, nanos } };
      expect(() => codec.toJson("google.cloud.vision.v1.OperationMetadata", message))
        .to.throw(JsonEncodeError)
        .with.property("path", "createTime");
    }
    for (const [seconds, nanos] of [
      ["1", -1],
      ["-1", 1],
      ["315576000001", 0],
      ["x", 0],
    ]) {
      const message = { seconds, nanos };
      expect(() => codec.toJson("google.protobuf.Duration", message)).to.throw(JsonEncodeError);
    }
  });

  it("reads and writes field masks in camelCase, and refuses what would not come back", () => {
    const name = "google.cloud.vision.v1.UpdateProductRequest";
    const message = codec.fromJson(name, { updateMask: "displayName,product.labels" });
    expect(message.updateMask).to.deep.equal(["display_name", "product.labels"]);
    expect(codec.toJson(name, message)).to.deep.equal({ updateMask: "displayName,product.labels" });
    expect(codec.fromJson(name, { updateMask: "" }).updateMask).to.deep.equal([]);
    for (const updateMask of ["display_name", "a,,b", "a,", 1, ["a"]]) {
      expect(() => codec.fromJson(name, { updateMask })).to.throw(JsonDecodeError, "field mask");
    }
    expect(() => codec.fromJson(name, { updateMask: "a\ud83d" })).to.throw(JsonDecodeError);
    for (const path of ["fooBar", "foo__bar", "foo_3_bar", "a,b", ""]) {
      expect(() => codec.toJson(name, { updateMask: [path] })).to.throw(JsonEncodeError, "no form");
    }
  });

  it("tells a wrapper of a default from an absent one", () => {
    const color = { alpha: 0 };
    expect(codec.fromJson("google.type.Color", color).alpha).to.equal(0);
    expect(codec.fromJson("google.type.Color", { alpha: null }).alpha).to.equal(undefined);
    expect(codec.toJson("google.type.Color", color)).to.deep.equal(color);
    expect(codec.fromJson("google.type.Color", color, record)).to.deep.equal(color);
    expect(codec.fromJson("google.protobuf.Int64Value", 7)).to.deep.equal({ value: "7" });
    expect(codec.toJson("google.protobuf.Int64Value", { value: "7" })).to.equal("7");
    expect(() => codec.fromJson("google.protobuf.BoolValue", null)).to.throw(JsonDecodeError);
  });

  it("takes plain JSON for Struct, Value and ListValue, also through their bytes", async () => {
    const struct = { a: null, b: [1, "x", { c: true }], ["__proto__"]: { d: -0.5 } };
    for (const [name, json] of [
      ["google.protobuf.Struct", struct],
      ["google.protobuf.ListValue", [struct, [], 1]],
      ["google.protobuf.Value", struct],
      ["google.protobuf.Value", null],
      ["google.protobuf.Value", "x"],
      ["google.protobuf.Value", [null]],
      ["google.protobuf.Value", false],
      ["google.protobuf.Value", 2.5],
    ] as const) {
      const message = codec.fromJson(name, json);
      expect(codec.toJson(name, message), name).to.deep.equal(json);
      expect(codec.fromJson(name, json, record), name).to.deep.equal(json);
      const type = await loadMessageType(name);
      const bytes = type?.encode(message as never).finish() ?? new Uint8Array();
      expect(codec.toJson(name, type?.decode(bytes) ?? {}), name).to.deep.equal(json);
    }
    expect(() => codec.toJson("google.protobuf.Value", {})).to.throw(JsonEncodeError, "no kind");
    expect(() => codec.fromJson("google.protobuf.Struct", { a: Number.NaN })).to.throw(
      JsonDecodeError,
    );
  });

  it("does not follow bytes of nested values without end", async () => {
    const type = await loadMessageType("google.protobuf.Value");
    let value: unknown = 1;
    for (let level = 0; level < 1000; level++) value = [value];
    const bytes = type?.encode({ listValue: value } as never).finish() ?? new Uint8Array();
    expect(() => type?.decode(bytes)).to.throw("nested too deep");
  });

  it("reads an empty message", () => {
    expect(codec.fromJson("google.protobuf.Empty", {})).to.deep.equal({});
    expect(codec.toJson("google.protobuf.Empty", {})).to.deep.equal({});
  });
});
