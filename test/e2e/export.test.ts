import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { exportFormats } from "../../src/cli/format-flags.ts";
import { bigQuerySchema } from "../../src/results/export/bigquery.ts";
import { runCli } from "../cli/spawn-cli.ts";
import { TestEmulator } from "../fixtures/emulator.ts";

const inputs = join(import.meta.dirname, "../../examples/inputs");
const png = join(inputs, "poster.png");

describe("vision-batch results --format", () => {
  let emulator: TestEmulator;
  let folder: string;
  let environment: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-export-"));
    emulator = await TestEmulator.start({
      recordings: [
        { uri: "gs://**/broken*", response: { error: { code: 3, message: "Bad image data." } } },
        { uri: "gs://**/street-sign*", response: { localizedObjectAnnotations } },
        { uri: "*", response: recorded },
      ],
    });
    const { grpc, http } = emulator.emulator;
    environment = { VISION_EMULATOR_HOST: grpc, VISION_EMULATOR_HTTP: http };
    const features = ["--features", "TEXT_DETECTION,OBJECT_LOCALIZATION,LABEL_DETECTION"];
    const job = (run: string, ...files: readonly string[]) => {
      const output = ["--output", "gs://out/export/", "--run-id", run];
      return runCli(["annotate", ...files, ...features, ...output], { env: environment });
    };
    const { code, stderr } = await job("run", png);
    expect(code, stderr).to.equal(0);
    const others = await job("others", join(inputs, "street-sign.jpg"), join(inputs, "broken.png"));
    expect(others.code, others.stderr).to.equal(1);
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

  const written = async (run: string, format: string, ...options: readonly string[]) => {
    const args = ["results", `gs://out/export/${run}/`, "--format", format, ...options];
    return runCli(args, { env: environment });
  };

  it("has the options of formats", async () => {
    const { stdout: hocr } = await written("run", "hocr", "--scale", "300/150");
    expect(hocr).to.contain("bbox 0 0 800 400");
    const { stdout: pdf } = await written("run", "pdf", "--dpi", "144");
    expect(pdf).to.contain("/MediaBox [ 0 0 300 400 ]");
    const { stdout: csv } = await written("run", "csv", "--formula-guard");
    expect(csv).to.contain(",'=SUM(A1),");
    const { stdout: text } = await written("run", "text", "--reading-order", "columns");
    expect(text).to.equal("hello\n");
    const wrong = await written("run", "text", "--dpi", "300");
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.contain("--dpi goes with --format pdf");
  });

  it("reads the size of images for COCO where their results do not tell it", async () => {
    const { stdout } = await written("others", "coco");
    const { annotations, images } = JSON.parse(stdout) as Record<string, object[]>;
    expect(images?.[0]).to.include({ width: 720, height: 960 });
    expect(annotations?.[0]).to.deep.include({ bbox: [0, 0, 720, 960] });
  });

  it("writes a PDF without the picture of what failed, and says so", async () => {
    const { code, stdout, stderr } = await written("others", "pdf");
    expect(code, stderr).to.equal(1);
    expect(stdout.match(/\/Type \/Page\n/g)).to.have.length(1);
    expect(stderr).to.match(/the image of .*broken\.png cannot be read/);
    expect(stderr).to.match(/broken\.png is left out/);
  });

  it("prints the schema of BigQuery's table", async () => {
    const { code, stdout } = await runCli(["bigquery-schema"]);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal(await bigQuerySchema());
  });
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
const localizedObjectAnnotations = [
  {
    name: "Poster",
    score: 0.8,
    boundingPoly: {
      normalizedVertices: [{}, { x: 1 }, { x: 1, y: 1 }, { y: 1 }],
    },
  },
];
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
  labelAnnotations: [{ description: "=SUM(A1)", score: 0.5 }],
  localizedObjectAnnotations,
};
