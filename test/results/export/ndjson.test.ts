import { expect } from "chai";
import { createNdjsonExporter } from "../../../src/results/export/ndjson.ts";
import { everything, exported, recordsOfEveryStatus, succeeded } from "./export-records.ts";

describe("createNdjsonExporter", () => {
  it("writes one line of JSON a record, with all of its response", async () => {
    const text = (await exported(createNdjsonExporter(), await succeeded(everything))).toString();
    expect(text.indexOf("\n")).to.equal(text.length - 1);
    expect(JSON.parse(text)).to.deep.equal({
      ...{ index: 0, uri: "gs://in/a.jpg", status: "succeeded" },
      response: everything,
    });
  });

  it("keeps errors of the service with their details, and those of this package by name", async () => {
    const text = (
      await exported(createNdjsonExporter(), ...(await recordsOfEveryStatus()))
    ).toString();
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    const error = {
      ...{ code: "PERMISSION_DENIED", message: "no" },
      details: [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", domain: "d" },
        { "@type": "type.googleapis.com/example.New", value: "AQI=" },
      ],
    };
    expect(lines[1]).to.deep.include({ index: 1, page: 2, status: "partial", error });
    expect(lines[2]).to.deep.equal({ index: 2, uri: "gs://in/c.jpg", status: "failed", error });
    expect(lines[3]).to.deep.include({
      error: {
        ...{ name: "VisionBatchError", message: "the shard is cut off" },
        details: { cause: "Error: EOF" },
      },
    });
    expect(lines[4]).to.deep.equal({ index: 4, uri: "gs://in/e.jpg", status: "notSubmitted" });
  });

  it("writes nothing for no records, and ends the reading when it is left", async () => {
    expect(await exported(createNdjsonExporter())).to.have.length(0);
    const record = await succeeded({});
    let ended = false;
    async function* endless() {
      try {
        for (;;) {
          await Promise.resolve();
          yield record;
        }
      } finally {
        ended = true;
      }
    }
    for await (const line of createNdjsonExporter().export(endless())) {
      expect(line).to.be.a("string");
      break;
    }
    expect(ended).to.equal(true);
  });
});
