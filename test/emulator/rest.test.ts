import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { imagesRequest, TestEmulator } from "../fixtures/emulator.ts";

describe("REST of the emulator", () => {
  let running: TestEmulator;
  const safe = { safeSearchAnnotation: { adult: "VERY_LIKELY", racy: "UNKNOWN" } };

  before(async () => {
    running = await TestEmulator.start({ recordings: [{ uri: "*", response: safe }] });
  });

  after(() => running.close());

  const oneImage = {
    requests: [
      {
        image: { source: { imageUri: "gs://inputs/a.png" } },
        features: [{ type: "SAFE_SEARCH_DETECTION" }],
      },
    ],
  };

  for (const parameter of ["$alt=json;enum-encoding=int", "alt=json%3Benum-encoding=int"]) {
    it(`writes enums as numbers for ${parameter}`, async () => {
      const { body } = await running.rest("POST", `/v1/images:annotate?${parameter}`, oneImage);
      expect(body["responses"]).to.have.nested.property("[0].safeSearchAnnotation.adult", 5);
    });
  }

  it("writes those in the parts of an operation too, of whatever version", async () => {
    const path = "/v1p4beta1/images:asyncBatchAnnotate?$alt=json;enum-encoding=int";
    const { body } = await running.rest("POST", path, imagesRequest(1));
    expect(body["metadata"]).to.deep.include({
      "@type": "type.googleapis.com/google.cloud.vision.v1p4beta1.OperationMetadata",
    });
    expect(body).to.have.nested.property("metadata.state").that.is.a("number");
  });

  it("writes enums as names otherwise, whatever system parameters there are", async () => {
    const path = "/v1/images:annotate?key=k&prettyPrint=false&$alt=json&$.xgafv=2";
    const { body } = await running.rest("POST", path, oneImage);
    const at = "[0].safeSearchAnnotation.adult";
    expect(body["responses"]).to.have.nested.property(at, "VERY_LIKELY");
  });

  it("zips for those whose User-Agent asks for it as well, and for nobody else", async () => {
    const get = (userAgent: string) =>
      new Promise<{ readonly encoding: string | undefined; readonly body: Buffer }>(
        (resolve, reject) => {
          const headers = { "accept-encoding": "gzip", "user-agent": userAgent };
          const url = `${running.emulator.http}/v1/projects/nobody/operations`;
          httpRequest(url, { headers, agent: false }, (response) => {
            const encoding = response.headers["content-encoding"];
            buffer(response).then((body) => {
              resolve({ encoding, body });
            }, reject);
          })
            .on("error", reject)
            .end();
        },
      );
    const zipped = await get("test (gzip)");
    expect(zipped.encoding).to.equal("gzip");
    const plain = await get("test");
    expect(plain.encoding).to.equal(undefined);
    expect(gunzipSync(zipped.body).toString()).to.equal(plain.body.toString());
  });

  it("refuses a query parameter that the request does not have", async () => {
    const { status, body } = await running.rest("GET", "/v1/operations?pageSise=1");
    expect(status).to.equal(400);
    expect(body["error"]).to.have.property("message").that.contains('Unknown name "pageSise"');
  });
});
