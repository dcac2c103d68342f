import { expect } from "chai";
import { decodeAny } from "../../src/protocol/any.ts";
import { loadJsonCodec } from "../../src/protocol/json-codec.ts";
import { OperationMetadata, OperationMetadata_State } from "../../src/protocol/v1.ts";

const running = OperationMetadata.fromPartial({ state: OperationMetadata_State.RUNNING });

describe("decodeAny", () => {
  const lent = "google.cloud.vision.v1p1beta1.OperationMetadata";

  it("reads what a version has over REST alone by the message of that name in v1, from bytes", async () => {
    const value = OperationMetadata.encode(running).finish();
    const decoded = await decodeAny({ typeUrl: `type.googleapis.com/${lent}`, value });
    expect(decoded).to.deep.equal({ typeName: lent, message: OperationMetadata.decode(value) });
  });

  it("and from JSON, by the codec of any version", async () => {
    const json = { "@type": `type.googleapis.com/${lent}`, state: "RUNNING" };
    for (const version of ["v1", "v1p1beta1"] as const) {
      const codec = await loadJsonCodec(version);
      const any = codec.fromJson("google.protobuf.Any", json) as unknown as { typeUrl: string };
      const decoded = await decodeAny(any);
      expect(decoded?.typeName).to.equal(lent);
      expect(decoded?.message).to.deep.include({ state: OperationMetadata_State.RUNNING });
    }
  });

  it("reads nothing of a type that there is nowhere", async () => {
    const value = new Uint8Array();
    for (const typeName of ["google.cloud.vision.v1p1beta1.Nothing", "some.Thing"]) {
      expect(await decodeAny({ typeUrl: `x/${typeName}`, value })).to.equal(undefined);
    }
    expect(await decodeAny(undefined)).to.equal(undefined);
  });
});
