import { expect } from "chai";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createDirectoryStore } from "../../src/index.ts";
import { readRunFacts, RecordPictures, writeReport } from "../../src/report/index.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";

const sign = join(import.meta.dirname, "../../examples/inputs/street-sign.jpg");

describe("the report of a run, as a service writes it", () => {
  let fixture: RunsFixture;
  before(async () => {
    fixture = await RunsFixture.start();
    const bucket = join(fixture.test.emulator.directory, "inputs");
    await mkdir(bucket, { recursive: true });
    await copyFile(sign, join(bucket, "3.png"));
  });
  after(() => fixture.close());

  it("shows its records with their pictures, how it went and what it cost", async () => {
    const runs = await fixture.open();
    const features = ["LABEL_DETECTION", "SAFE_SEARCH_DETECTION", "FACE_DETECTION"] as const;
    const run = await runs.start(request(25, { features }));
    const store = createDirectoryStore(fixture.test.emulator.directory);
    await using pictures = await RecordPictures.open({ store });
    const summary = await writeReport(join(fixture.folder, "report"), run.results(), {
      title: "Scans",
      pictures: (record) => pictures.of(record),
      run: () => readRunFacts(run),
    });
    expect(summary).to.include({ title: "Scans", items: 25, pictures: 1 });
    const { ended, latenciesMs, cost, ...facts } = summary.run!;
    expect(facts).to.include({ id: "scans", open: 0 });
    expect(ended.map(([, inputs]) => inputs).sort((a, b) => a - b)).to.deep.equal([5, 10, 10]);
    expect(latenciesMs).to.have.length(3);
    for (const ms of latenciesMs) expect(ms).to.be.at.least(0);
    expect(cost).to.deep.include({
      units: 25,
      unpriced: [],
      prices: "https://cloud.google.com/vision/pricing",
    });
  });

  it("adds the cost of features up, none of them for what is free with another", async () => {
    const runs = await fixture.open();
    const run = (await runs.get("scans"))!;
    const tiers = [{ perThousand: 1000 }];
    const { cost } = await readRunFacts(run, {
      prices: {
        ...{ currency: "EUR", source: "a contract" },
        features: {
          LABEL_DETECTION: { tiers },
          SAFE_SEARCH_DETECTION: { tiers, freeWith: "LABEL_DETECTION" },
        },
      },
    });
    expect(cost).to.deep.equal({
      ...{ currency: "EUR", amount: 25, units: 25, prices: "a contract" },
      unpriced: ["FACE_DETECTION"],
      byFeature: [
        ["LABEL_DETECTION", 25],
        ["SAFE_SEARCH_DETECTION", 0],
        ["FACE_DETECTION", 0],
      ],
    });
  });
});
