import { expect } from "chai";
import { parseJobFlags, type JobFlags } from "../../src/cli/job-flags.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const flags: JobFlags = { apiVersion: "v1", features: "TEXT_DETECTION", output: "gs://bucket/out" };
const parse = (changes: Partial<JobFlags>) => parseJobFlags({ ...flags, ...changes });

describe("parseJobFlags", () => {
  it("reads features with limits, in any case", () => {
    expect(
      parse({ features: "text-detection, LABEL_DETECTION:10" }).options.features,
    ).to.deep.equal([{ type: "TEXT_DETECTION" }, { type: "LABEL_DETECTION", maxResults: 10 }]);
  });

  it("ends the output in a slash", () => {
    expect(parse({}).options.output).to.equal("gs://bucket/out/");
    expect(parse({ output: "gs://bucket/out/" }).options.output).to.equal("gs://bucket/out/");
    expect(parse({ output: "gs://bucket" }).options.output).to.equal("gs://bucket/");
  });

  it("names runs so that they sort by time and differ", () => {
    const [one, two] = [parse({}).runId, parse({}).runId];
    expect(one).to.match(/^\d{8}-\d{6}-[0-9a-f]{6}$/);
    expect(one).not.to.equal(two);
    expect(parse({ runId: "mine.1" }).runId).to.equal("mine.1");
  });

  it("reads hints, batch size and labels", () => {
    const settings = parse({ languageHints: "en, th", batchSize: "100", label: ["a=b=c", "d="] });
    expect(settings.options).to.deep.include({
      imageContext: { languageHints: ["en", "th"] },
      batchSize: 100,
      labels: { a: "b=c", d: "" },
    });
  });

  const wrong: Readonly<Record<string, Partial<JobFlags>>> = {
    "did you mean TEXT_DETECTION?": { features: "TEXT_DETECTON" },
    "is not a feature of v1p2beta1": { features: "OBJECT_LOCALIZATION", apiVersion: "v1p2beta1" },
    MAX_RESULTS: { features: "TEXT_DETECTION:many" },
    "name at least one": { features: " , " },
    "expected gs://": { output: "out/" },
    bucket: { output: "gs://Bad_Bucket_/x" },
    "--batch-size": { batchSize: "101" },
    "--label": { label: ["novalue"] },
    "--run-id": { runId: "../x" },
  };
  for (const [message, changes] of Object.entries(wrong)) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      expect(() => parse(changes)).to.throw(UsageError, message);
    });
  }
});
