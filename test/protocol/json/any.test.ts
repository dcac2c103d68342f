import { expect } from "chai";
import { JsonDecodeError, JsonEncodeError } from "../../../src/errors/index.ts";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";
import { loadMessageType } from "../../../src/protocol/message-types.ts";

const record = { enums: "name" } as const;
const url = "type.googleapis.com/google.cloud.vision.v1.OperationMetadata";
const statusOf = (...details: unknown[]): object => ({ code: 8, message: "m", details });

describe("the JSON codec's Any", () => {
  let codec: JsonCodec;
  before(async () => {
    codec = await loadJsonCodec("v1");
  });

  const status = (...details: unknown[]) =>
    codec.fromJson("google.rpc.Status", statusOf(...details));
  const written = (message: object) => codec.toJson("google.rpc.Status", message);
  const throughBytes = async (message: object): Promise<object> => {
    const type = await loadMessageType("google.rpc.Status");
    return type?.decode(type.encode(message as never).finish()) ?? {};
  };

  it("reads and writes the details of a status by their type URLs, nested ones too", async () => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", metadata: { a: "b" } },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.500s" },
      { "@type": "x.example/y/google.protobuf.Duration", value: "3s" },
      { "@type": "type.googleapis.com/google.protobuf.StringValue", value: "" },
      { "@type": "type.googleapis.com/google.protobuf.Struct", value: { value: [null] } },
      { "@type": "type.googleapis.com/google.protobuf.Empty" },
      {
        "@type": "type.googleapis.com/google.rpc.Status",
        details: [{ "@type": url, state: "RUNNING" }],
      },
      {
        "@type": "type.googleapis.com/google.protobuf.Any",
        value: { "@type": url, createTime: "2026-01-01T00:00:00.000000001Z" },
      },
      {},
    ];
    const message = status(...details);
    expect(message.details[0]?.typeUrl).to.equal("type.googleapis.com/google.rpc.ErrorInfo");
    expect(message.details[0]?.value).to.be.instanceOf(Buffer);
    expect(written(message)).to.deep.equal(statusOf(...details));
    expect(written(await throughBytes(message))).to.deep.equal(statusOf(...details));
    expect(codec.fromJson("google.rpc.Status", statusOf(...details), record)).to.deep.equal(
      statusOf(...details),
    );
  });

  it("makes the JSON of a known type canonical in a record, in place where it may", () => {
    const given = statusOf(
      { "@type": url, state: 2, create_time: "2026-01-01T01:00:00+01:00" },
      { "@type": "t/google.protobuf.Duration", value: "1.5s" },
    );
    const read = codec.fromJson("google.rpc.Status", structuredClone(given), record);
    const expected = statusOf(
      { "@type": url, state: "RUNNING", createTime: "2026-01-01T00:00:00Z" },
      { "@type": "t/google.protobuf.Duration", value: "1.500s" },
    );
    expect(read).to.deep.equal(expected);
    const reused = structuredClone(given);
    codec.fromJson("google.rpc.Status", reused, { ...record, reuse: true });
    expect(reused).to.deep.equal(expected);
  });

  it("keeps the JSON of an unknown type whole; the binary encoder then throws", async () => {
    for (const detail of [
      { "@type": "example.com/no.Such", deep: { value: [1] }, value: 2 },
      { "@type": "example.com/no.Such", value: "not base64!" },
      { "@type": "example.com/no.Such" },
    ]) {
      const message = status(detail);
      expect(message.details[0]?.typeUrl).to.equal("example.com/no.Such");
      expect(written(message)).to.deep.equal(statusOf(detail));
      expect(codec.fromJson("google.rpc.Status", statusOf(detail), record)).to.deep.equal(
        statusOf(detail),
      );
      expect(codec.unpackAny(message.details[0] ?? { typeUrl: "" })).to.equal(undefined);
      const error = await throughBytes(message).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(TypeError);
    }
  });

  it("writes the bytes of an unknown type as base64, and reads them back", async () => {
    const value = Buffer.from([0, 255, 1, 2]);
    const message = { code: 8, message: "m", details: [{ typeUrl: "e/no.Such", value }] };
    const json = written(message);
    expect(json).to.deep.equal(statusOf({ "@type": "e/no.Such", value: "AP8BAg==" }));
    expect(codec.fromJson("google.rpc.Status", json)).to.deep.equal(message);
    expect(written(await throughBytes(message))).to.deep.equal(json);
  });

  it("keeps what a known type's bytes cannot say beside them", () => {
    const detail = { "@type": url, state: "RUNNING", progressPercent: 40 };
    const message = status(detail);
    const [any] = message.details;
    expect(written(message)).to.deep.equal(statusOf(detail));
    expect(any?.value).to.deep.equal(Buffer.from([8, 2]));
    expect(codec.unpackAny(any ?? { typeUrl: "" })).to.include({ state: 2, progressPercent: 40 });
  });

  it("has no bytes for an unknown name of an enum, and still unpacks it", async () => {
    const detail = { "@type": url, state: "QUEUED" };
    const message = status({ "@type": "t/google.rpc.Status", details: [detail] });
    expect(message.details[0]).not.to.have.property("value");
    expect(written(message)).to.deep.equal(
      statusOf({ "@type": "t/google.rpc.Status", details: [detail] }),
    );
    const inner = codec.unpackAny(message.details[0] ?? { typeUrl: "" });
    const [any] = inner?.["details"] as { typeUrl: string }[];
    expect(codec.unpackAny(any ?? { typeUrl: "" })).to.include({ state: "QUEUED" });
    expect(await throughBytes(message).catch((thrown: unknown) => thrown)).to.be.an("error");
  });

  it("packs and unpacks", () => {
    const any = codec.packAny("google.rpc.RequestInfo", { requestId: "r", servingData: "" });
    expect(any.typeUrl).to.equal("type.googleapis.com/google.rpc.RequestInfo");
    expect(codec.unpackAny(any)).to.include({ requestId: "r" });
    expect(() => codec.packAny("no.Such", {})).to.throw(TypeError, "no.Such");
  });

  it("refuses what is no Any, with its path", () => {
    for (const [detail, path] of [
      [{ a: 1 }, "details[0].@type"],
      [{ "@type": 1 }, "details[0].@type"],
      [{ "@type": "google.rpc.ErrorInfo" }, "details[0].@type"],
      [{ "@type": "a/" }, "details[0].@type"],
      [{ "@type": url, state: {} }, "details[0].state"],
      [{ "@type": "t/google.protobuf.Duration" }, "details[0].value"],
      [{ "@type": "t/google.protobuf.Duration", value: "x" }, "details[0].value"],
      ["x", "details[0]"],
    ] as const) {
      for (const options of [{}, record]) {
        expect(() => codec.fromJson("google.rpc.Status", statusOf(detail), options))
          .to.throw(JsonDecodeError)
          .with.property("path", path);
      }
    }
  });

  it("refuses to write bytes that are no message of their type, or have none", () => {
    const cut = { typeUrl: url, value: Buffer.from([42, 100]) };
    expect(() => codec.toJson("google.rpc.Status", { details: [cut] }))
      .to.throw(JsonEncodeError, "OperationMetadata")
      .with.property("path", "details[0]");
    const untyped = { typeUrl: "", value: Buffer.from([8, 2]) };
    expect(() => codec.toJson("google.protobuf.Any", untyped)).to.throw(
      JsonEncodeError,
      "type URL",
    );
    expect(() => codec.unpackAny(cut)).to.throw(Error);
  });

  it("ends at a depth that Anys in Anys reach", () => {
    const nest = (levels: number): object =>
      levels === 0 ? {} : { "@type": "t/google.protobuf.Any", value: nest(levels - 1) };
    for (const options of [{}, record]) {
      expect(() => codec.fromJson("google.protobuf.Any", nest(200), options)).to.throw(
        JsonDecodeError,
        "deeper than 100",
      );
    }
    expect(
      codec.toJson("google.protobuf.Any", codec.fromJson("google.protobuf.Any", nest(50))),
    ).to.deep.equal(nest(50));
  });

  it("refuses a type URL that has no UTF-8", () => {
    const json = { "@type": "x/no\ud83d.Such", value: "aGk=" };
    expect(() => codec.fromJson("google.protobuf.Any", json)).to.throw(JsonDecodeError, "@type");
  });
});
