import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseChunkFlags, parseSettingFlags, readPrices } from "../../src/cli/run-flags.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { googlePrices } from "../../src/index.ts";
import { rejection } from "../fixtures/rejection.ts";

describe("parseSettingFlags", () => {
  it("reads limits and policies, and leaves out what is not given", () => {
    const flags = { maxImages: "10", onUnknownSubmit: "fail", quarantine: "1.5" } as const;
    expect(parseSettingFlags(flags)).to.deep.equal({
      limits: {
        maxImagesInProcessing: 10,
        maxFilesInProcessing: undefined,
        requestsPerMinute: undefined,
      },
      onUnknownSubmit: "fail",
      quarantineMs: 90_000,
    });
    expect(parseSettingFlags({})).not.to.have.property("limits");
  });

  it("refuses what is no number, or too small", () => {
    expect(() => parseSettingFlags({ maxImages: "-1" })).to.throw(UsageError, "--max-images -1");
    expect(() => parseSettingFlags({ requestsPerMinute: "0" })).to.throw(UsageError, "at least 1");
    expect(() => parseSettingFlags({ quarantine: "1e9" })).to.throw(UsageError, "--quarantine 1e9");
    expect(() => parseChunkFlags({ imagesPerRequest: "2001" })).to.throw(
      UsageError,
      "at most 2000",
    );
  });
});

describe("readPrices", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-prices-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function read(content: string) {
    const path = join(folder, "prices.json");
    await writeFile(path, content);
    return readPrices(path);
  }

  it("reads a table in the form of Google's", async () => {
    expect(await read(JSON.stringify(googlePrices))).to.deep.equal(googlePrices);
    expect(await readPrices(undefined)).to.equal(undefined);
  });

  it("refuses what is no table, and a file that is not there", async () => {
    const wrong = {
      currency: "EUR",
      source: "",
      features: { LABEL_DETECTION: { tiers: [{ perThousand: "1" }] } },
    };
    for (const content of ["{", "[]", '{"features":{}}', JSON.stringify(wrong)]) {
      expect(await rejection(read(content)), content).to.be.instanceOf(UsageError);
    }
    expect(await rejection(readPrices(join(folder, "none")))).to.be.instanceOf(UsageError);
  });
});
