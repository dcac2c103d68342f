import { expect } from "chai";
import { apiVersions, type ApiVersion } from "../../../src/protocol/api-version.ts";
import { loadJsonCodec, loadJsonTables } from "../../../src/protocol/json/load-json-codec.ts";
import { createTypeRegistry, type TypeRegistry } from "../../../src/protocol/json/type-registry.ts";
import { loadMessageTypes, type MessageType } from "../../../src/protocol/message-types.ts";
import { createBufbuildOracle, createProtobufjsOracle, type Oracle } from "./oracles.ts";
import {
  createJsonGenerator,
  seededRandom,
  type Omissions,
  type RandomJson,
} from "./random-json.ts";

const samplesPerType = 8;

async function load(version: ApiVersion) {
  const [codec, tables, types] = await Promise.all([
    loadJsonCodec(version),
    loadJsonTables(version),
    loadMessageTypes(version),
  ]);
  const registry = createTypeRegistry(tables);
  const encode = (typeName: string, json: unknown): Uint8Array => {
    const message = codec.fromJson(typeName, json);
    return typeOf(types, typeName)
      .encode(message as never)
      .finish();
  };
  const decode = (typeName: string, bytes: Uint8Array): unknown =>
    codec.toJson(typeName, typeOf(types, typeName).decode(bytes));
  return { codec, registry, encode, decode };
}

function typeOf(types: ReadonlyMap<string, MessageType>, typeName: string): MessageType {
  const type = types.get(typeName);
  if (type === undefined) throw new Error(`${typeName} was not generated`);
  return type;
}

function eachSample(
  registry: TypeRegistry,
  check: (typeName: string, sample: RandomJson) => void,
  without: Omissions = {},
): void {
  const generator = createJsonGenerator(registry, seededRandom(20261122), without);
  for (const typeName of registry.typeNames) {
    if (without.types?.includes(typeName) === true) continue;
    for (let count = 0; count < samplesPerType; count++) {
      check(typeName, generator.message(typeName));
    }
  }
}

/** Oracles write a float as the double that its four bytes are. */
function asFloats(json: unknown): unknown {
  if (typeof json === "number") return Math.fround(json);
  if (Array.isArray(json)) return json.map(asFloats);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, asFloats(value)]));
}

for (const version of apiVersions) {
  describe(`the JSON codec of ${version}, over random messages of every type`, () => {
    it("reads and writes them without loss, as messages, records and bytes", async () => {
      const { codec, registry, encode, decode } = await load(version);
      eachSample(registry, (typeName, { canonical, variant }) => {
        const message = codec.fromJson(typeName, variant);
        expect(codec.toJson(typeName, message), typeName).to.deep.equal(canonical);
        expect(codec.fromJson(typeName, canonical), typeName).to.deep.equal(message);
        expect(decode(typeName, encode(typeName, variant)), typeName).to.deep.equal(canonical);
        const record = { enums: "name" } as const;
        expect(codec.fromJson(typeName, variant, record), typeName).to.deep.equal(canonical);
        const reused = codec.fromJson(typeName, structuredClone(variant), {
          ...record,
          reuse: true,
        });
        expect(reused, typeName).to.deep.equal(canonical);
      });
    });
  });
}

describe("the JSON codec against @bufbuild/protobuf", () => {
  // protobuf-es reads 64-bit integers by BigInt(), which knows neither `1.0` nor `1e3`, though it takes
  // both for 32 bits; and it counts `null` as a set member of a oneof, though null says "absent".
  const without = { wideLongs: true, nullInOneof: true };
  let oracle: Oracle;
  before(() => {
    oracle = createBufbuildOracle();
  });

  for (const version of apiVersions) {
    it(`agrees on every type of ${version}, both directions`, async () => {
      const { registry, encode, decode } = await load(version);
      const check = (typeName: string, { canonical, variant }: RandomJson): void => {
        const theirs = oracle.encode(typeName, variant);
        expect(decode(typeName, theirs), typeName).to.deep.equal(canonical);
        const read = oracle.decode(typeName, encode(typeName, variant));
        expect(asFloats(read), typeName).to.deep.equal(asFloats(canonical));
      };
      eachSample(registry, check, without);
    });
  }

  it("differs only in what is left out above", async () => {
    const { codec } = await load("v1");
    const wide = { uint64Value: "1e3" };
    expect(() => oracle.encode("google.cloud.vision.v1.Property", wide)).to.throw("uint64");
    expect(
      codec.toJson(
        "google.cloud.vision.v1.Property",
        codec.fromJson("google.cloud.vision.v1.Property", wide),
      ),
    ).to.deep.equal({ uint64Value: "1000" });
    const absent = { error: null, response: {} };
    expect(() => oracle.encode("google.longrunning.Operation", absent)).to.throw("oneof");
    expect(codec.fromJson("google.longrunning.Operation", absent).error).to.equal(undefined);
  });
});

describe("the JSON codec against protobufjs and proto3-json-serializer", () => {
  // The serializer takes JSON as it writes it: no proto names and no null, so that it gets the canonical
  // form only. It does not turn the names in a field mask to and from camelCase, it reads no negative
  // duration, it writes a wrapper of a default as null, and it cannot put wrappers and field masks into
  // an Any (it sets `@type` on the bare value).
  const wrappers = [
    "Double",
    "Float",
    "Int64",
    "UInt64",
    "Int32",
    "UInt32",
    "Bool",
    "String",
    "Bytes",
  ];
  const without = {
    types: ["FieldMask", ...wrappers.map((name) => `${name}Value`)].map(
      (name) => `google.protobuf.${name}`,
    ),
    specialsInAny: true,
    negativeDurations: true,
  };
  let oracle: Oracle;
  before(() => {
    oracle = createProtobufjsOracle();
  });

  /** It writes empty maps, numbers that JSON has not, and milliseconds of 000. */
  const asSerializer = (json: unknown, registryMaps: ReadonlySet<string>): unknown => {
    if (typeof json === "number" && !Number.isFinite(json)) return String(json);
    if (typeof json === "string") return json.replace(/(T\d\d:\d\d:\d\d)\.000Z$/, "$1Z");
    if (Array.isArray(json)) return json.map((item) => asSerializer(item, registryMaps));
    if (typeof json !== "object" || json === null) return json;
    const members = Object.entries(json).filter(
      ([name, value]) => !(registryMaps.has(name) && Object.keys(value as object).length === 0),
    );
    return Object.fromEntries(
      members.map(([name, value]) => [name, asSerializer(value, registryMaps)]),
    );
  };

  for (const version of apiVersions) {
    it(`agrees on every type of ${version}, both directions`, async () => {
      const { registry, encode, decode } = await load(version);
      const maps = new Set(
        registry.typeNames
          .flatMap((typeName) => registry.fieldsOf(typeName) ?? [])
          .filter(({ label }) => label === "map")
          .map(({ jsonName }) => jsonName),
      );
      const check = (typeName: string, { canonical, variant }: RandomJson): void => {
        const theirs = oracle.encode(typeName, canonical);
        expect(decode(typeName, theirs), typeName).to.deep.equal(canonical);
        const read = asSerializer(oracle.decode(typeName, encode(typeName, variant)), maps);
        expect(asFloats(read), typeName).to.deep.equal(asFloats(canonical));
      };
      eachSample(registry, check, without);
    });
  }

  it("differs only in what is left out above", async () => {
    const { encode, decode } = await load("v1");
    const update = "google.cloud.vision.v1.UpdateProductRequest";
    const mask = { updateMask: "displayName" };
    expect(oracle.decode(update, encode(update, mask))).to.deep.equal({
      updateMask: "display_name",
    });
    expect(decode(update, encode(update, mask))).to.deep.equal(mask);
    const backwards = { retryDelay: "-1.500s" };
    expect(() => oracle.encode("google.rpc.RetryInfo", backwards)).to.throw("-1.500s");
    const retry = encode("google.rpc.RetryInfo", backwards);
    expect(decode("google.rpc.RetryInfo", retry)).to.deep.equal(backwards);
    const transparent = { alpha: 0 };
    const color = encode("google.type.Color", transparent);
    expect(oracle.decode("google.type.Color", color)).to.deep.equal({ alpha: null });
    expect(decode("google.type.Color", color)).to.deep.equal(transparent);
    const wrapped = { "@type": "type.googleapis.com/google.protobuf.StringValue", value: "a" };
    const status = { details: [wrapped] };
    const bytes = encode("google.rpc.Status", status);
    expect(() => oracle.decode("google.rpc.Status", bytes)).to.throw("@type");
    expect(decode("google.rpc.Status", bytes)).to.deep.equal(status);
  });
});
