import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { apiVersions } from "../../../src/protocol/api-version.ts";
import {
  loadJsonCodec,
  loadRecordCodec,
  type JsonCodec,
} from "../../../src/protocol/json-codec.ts";
import { loadMessageType, loadMessageTypes } from "../../../src/protocol/message-types.ts";
import type { AnnotateImageResponse } from "../../../src/protocol/v1.ts";

describe("loadJsonCodec", () => {
  it("knows the types of its version and of the packages that it draws on, and no others", async () => {
    for (const version of apiVersions) {
      const codec = await loadJsonCodec(version);
      expect(codec.knows(`google.cloud.vision.${version}.AnnotateImageResponse`)).to.equal(true);
      for (const name of ["rpc.ErrorInfo", "longrunning.Operation", "protobuf.Any", "type.Color"]) {
        expect(codec.knows(`google.${name}`), name).to.equal(true);
      }
    }
    const codec = await loadJsonCodec("v1p2beta1");
    expect(codec.knows("google.cloud.vision.v1.AnnotateImageResponse")).to.equal(false);
    expect(codec.knows("google.api.HttpRule")).to.equal(false);
  });

  it("loads a version once", async () => {
    expect(await loadJsonCodec("v1")).to.equal(await loadJsonCodec("v1"));
  });

  it("loads neither grpc nor the messages of another version", () => {
    const { before, all } = modulesOf("loadJsonCodec");
    const early = before.filter((url) => url.includes("/generated/"));
    expect(early.map((url) => url.replace(/.*\/generated\//, ""))).to.deep.equal(["index.ts"]);
    expect(all.filter((url) => /vision.v1p1beta1/.test(url))).not.to.deep.equal([]);
    expect(all.filter((url) => /grpc|vision.v1[./]|vision.v1p[2-9]/.test(url))).to.deep.equal([]);
  });

  it("types what it reads by the type's name", () => {
    const read = (codec: JsonCodec): AnnotateImageResponse =>
      codec.fromJson("google.cloud.vision.v1.AnnotateImageResponse", {});
    const nested = (codec: JsonCodec): number =>
      codec.fromJson("google.cloud.vision.v1.FaceAnnotation.Landmark", {}).type;
    const unknown = (codec: JsonCodec, name: string): Record<string, unknown> =>
      codec.fromJson(name, {});
    expect([read, nested, unknown]).to.have.length(3);
  });
});

describe("loadRecordCodec", () => {
  it("loads a version once", async () => {
    expect(await loadRecordCodec("v1")).to.equal(await loadRecordCodec("v1"));
  });

  it("loads no code of messages", () => {
    const generated = modulesOf("loadRecordCodec").all.filter((url) => url.includes("/generated/"));
    expect(generated.filter((url) => url.includes("/generated/json/"))).not.to.deep.equal([]);
    expect(generated.filter((url) => url.includes("/generated/google/"))).to.deep.equal([]);
  });

  it("reads what the codec of messages reads, an Any of any type included", async () => {
    const json = () => ({
      code: 3,
      details: [
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.50s" },
        { "@type": "type.googleapis.com/google.protobuf.Duration", value: "2.0s" },
        { "@type": "type.googleapis.com/no.Such", value: "AQI=" },
      ],
    });
    const options = { enums: "name" } as const;
    const read = (await loadRecordCodec("v1")).fromJson("google.rpc.Status", json(), options);
    expect(read).to.have.nested.property("details[0].retryDelay", "1.500s");
    expect(read).to.deep.equal(
      (await loadJsonCodec("v1")).fromJson("google.rpc.Status", json(), options),
    );
  });
});

describe("loadMessageType", () => {
  it("finds nested types and those written by hand, and nothing else", async () => {
    expect(await loadMessageType("google.rpc.BadRequest.FieldViolation")).to.be.an("object");
    expect(await loadMessageType("google.protobuf.Struct")).to.be.an("object");
    expect(await loadMessageType("google.rpc.Code")).to.equal(undefined);
    expect(await loadMessageType("google.rpc.toString")).to.equal(undefined);
    expect(await loadMessageType("no.Such")).to.equal(undefined);
  });

  it("knows every message that the codec knows", async () => {
    for (const version of apiVersions) {
      const types = await loadMessageTypes(version);
      const codec = await loadJsonCodec(version);
      for (const typeName of types.keys()) {
        const isEntry = typeName.endsWith("Entry");
        expect(codec.knows(typeName), typeName).to.equal(!isEntry);
      }
    }
  });
});

/** The modules that were loaded before and after a codec was asked for, in a process of its own. */
function modulesOf(load: "loadJsonCodec" | "loadRecordCodec"): { before: string[]; all: string[] } {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { ${load} } = await import("./src/protocol/json-codec.ts");
    const before = loaded.length;
    await ${load}("v1p1beta1");
    console.log(JSON.stringify({ before: loaded.slice(0, before), all: loaded }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: `${import.meta.dirname}/../../..`,
    encoding: "utf8",
  });
  return JSON.parse(output) as { before: string[]; all: string[] };
}
