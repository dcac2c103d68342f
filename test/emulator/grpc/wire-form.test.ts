import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";
import { expect } from "chai";
import { loadProtoFiles } from "../../../src/emulator/grpc/proto-files.ts";
import { WireForm } from "../../../src/emulator/grpc/wire-form.ts";
import type { PlainJson } from "../../../src/emulator/plain-json.ts";

describe("WireForm", () => {
  let definition: PackageDefinition;
  let wire: WireForm;
  before(async () => {
    definition = await loadProtoFiles();
    wire = new WireForm(definition);
  });

  /** What proto-loader reads back of what it wrote. */
  const overTheWire = (typeName: string, message: PlainJson): object => {
    const type = definition[typeName] as MessageTypeDefinition<object, object>;
    return type.deserialize(type.serialize(wire.fromJson(typeName, message)));
  };

  it("keeps nanoseconds of times in an Any", () => {
    const metadata = {
      "@type": "type.googleapis.com/google.cloud.vision.v1.OperationMetadata",
      createTime: "2026-01-02T03:04:05.000000006Z",
      updateTime: "1969-12-31T23:59:59.500Z",
    };
    expect(overTheWire("google.longrunning.Operation", { name: "x", metadata })).to.deep.equal({
      name: "x",
      metadata: {
        ...metadata,
        createTime: { seconds: "1767323045", nanos: 6 },
        updateTime: { seconds: "-1", nanos: 500_000_000 },
      },
    });
  });

  it("keeps an Any of an unknown type in an operation's response", () => {
    const response = { "@type": "example.com/a.B", value: "aGk=" };
    expect(overTheWire("google.longrunning.Operation", { done: true, response })).to.deep.equal({
      done: true,
      response: { type_url: "example.com/a.B", value: "aGk=" },
    });
  });

  it("wraps the alpha of colours", () => {
    const color = (alpha: unknown): PlainJson => ({
      responses: [
        {
          imagePropertiesAnnotation: {
            dominantColors: { colors: [{ color: { red: 1, alpha }, score: 0.5 }] },
          },
        },
      ],
    });
    const typeName = "google.cloud.vision.v1.BatchAnnotateImagesResponse";
    expect(overTheWire(typeName, color(0.5))).to.deep.equal(color({ value: 0.5 }));
  });

  it("writes times wherever they stand, as in the results of a product search", () => {
    const results = { indexTime: "2026-01-02T03:04:05Z", results: [{ score: 0.5 }] };
    const written = overTheWire("google.cloud.vision.v1.BatchAnnotateImagesResponse", {
      responses: [{ productSearchResults: results }],
    });
    const indexTime = { seconds: "1767323045", nanos: 0 };
    expect(written).to.deep.equal({
      responses: [{ productSearchResults: { ...results, indexTime } }],
    });
  });

  it("reads a field mask in camelCase", () => {
    const request = { product: { name: "p" }, updateMask: { paths: ["display_name", "name"] } };
    const json = wire.toJson("google.cloud.vision.v1.UpdateProductRequest", request);
    expect(json).to.deep.equal({ product: { name: "p" }, updateMask: "displayName,name" });
  });

  for (const [wireForm, json] of [
    [{ seconds: "3", nanos: 250_000_000 }, "3.250000000s"],
    [{ seconds: "3" }, "3s"],
    [{ nanos: -5 }, "-0.000000005s"],
    [{ seconds: "-2", nanos: -500_000_000 }, "-2.500000000s"],
  ] as const) {
    it(`reads the duration ${json} of a request and writes it back`, () => {
      const request = wire.toJson("google.longrunning.WaitOperationRequest", {
        timeout: wireForm,
      });
      expect(request).to.deep.equal({ timeout: json });
      const retryInfo = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: json };
      const status = overTheWire("google.rpc.Status", { details: [retryInfo] });
      const [detail] = (status as { details: { retryDelay: object }[] }).details;
      expect(detail?.retryDelay).to.deep.equal({ seconds: "0", nanos: 0, ...wireForm });
    });
  }
});
