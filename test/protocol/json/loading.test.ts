import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { apiVersions } from "../../../src/protocol/api-version.ts";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";
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
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { loadJsonCodec } = await import("./src/protocol/json-codec.ts");
      const before = loaded.length;
      await loadJsonCodec("v1p1beta1");
      console.log(JSON.stringify({ before: loaded.slice(0, before), all: loaded }));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: `${import.meta.dirname}/../../..`,
      encoding: "utf8",
    });
    const { before, all } = JSON.parse(output) as { before: string[]; all: string[] };
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
