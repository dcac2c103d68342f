import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { exportFormats } from "../../src/cli/export-format.ts";
import { runCli } from "../cli/spawn-cli.ts";
import { TestEmulator } from "../fixtures/emulator.ts";

const png = join(import.meta.dirname, "../../examples/inputs/poster.png");

describe("vision-batch results --format", () => {
  let emulator: TestEmulator;
  let folder: string;
  let environment: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-export-"));
    emulator = await TestEmulator.start({ recordings: [{ uri: "*", response: recorded }] });
    const { grpc, http } = emulator.emulator;
    environment = { VISION_EMULATOR_HOST: grpc, VISION_EMULATOR_HTTP: http };
    const features = ["--features", "TEXT_DETECTION,OBJECT_LOCALIZATION"];
    const job = ["annotate", png, ...features, "--output", "gs://out/export/", "--run-id", "run"];
    const { code, stderr } = await runCli(job, { env: environment });
    expect(code, stderr).to.equal(0);
  });

  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });

  const contents: Readonly<Record<(typeof exportFormats)[number], string>> = {
    text: "hello",
    markdown: "hello",
    hocr: "ocrx_word",
    alto: "<alto",
    csv: "index,",
    bigquery: '"uri":',
    parquet: "PAR1",
    coco: '"annotations"',
    pdf: "%PDF-",
  };
  for (const format of exportFormats) {
    it(`writes ${format}`, async () => {
      const out = join(folder, `results.${format}`);
      const args = ["results", "gs://out/export/run/", "--format", format, "--out", out];
      const { code, stderr } = await runCli(args, { env: environment });
      expect(code, stderr).to.equal(0);
      expect(await readFile(out, "latin1")).to.contain(contents[format]);
      expect(stderr).to.match(/inputs +1/);
    });
  }
});

const box = (left: number, right: number) => ({
  vertices: [
    { x: left, y: 10 },
    { x: right, y: 10 },
    { x: right, y: 30 },
    { x: left, y: 30 },
  ],
});
const word = (text: string, left: number) => ({
  boundingBox: box(left, left + 50),
  confidence: 0.9,
  symbols: Array.from(text).map((symbol, index, all) => ({
    text: symbol,
    boundingBox: box(left + index * 10, left + index * 10 + 10),
    ...(index === all.length - 1 ? { property: { detectedBreak: { type: "LINE_BREAK" } } } : {}),
  })),
});
const recorded = {
  fullTextAnnotation: {
    text: "hello\n",
    pages: [
      {
        width: 400,
        height: 200,
        blocks: [
          {
            boundingBox: box(10, 60),
            blockType: "TEXT",
            paragraphs: [{ boundingBox: box(10, 60), words: [word("hello", 10)] }],
          },
        ],
      },
    ],
  },
  localizedObjectAnnotations: [
    {
      name: "Poster",
      score: 0.8,
      boundingPoly: {
        normalizedVertices: [{}, { x: 1 }, { x: 1, y: 1 }, { y: 1 }],
      },
    },
  ],
};
