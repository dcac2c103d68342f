import { expect } from "chai";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { gridSize, type ReportItem } from "../../src/report/report-data.ts";
import { runCli } from "../cli/spawn-cli.ts";
import { TestEmulator } from "../fixtures/emulator.ts";

const examples = join(import.meta.dirname, "../../examples/inputs");
const documents = ["report.pdf", "minutes.tiff", "notice.gif"];

describe("pages in a report", function () {
  this.timeout(60_000);
  let test: TestEmulator;
  let folder = "";
  before(async () => {
    // The pages are really read.
    test = await TestEmulator.start({ recordedFor: "missing", recordings: [] });
    folder = await mkdtemp(join(tmpdir(), "vision-batch-report-pages-"));
    const bucket = join(test.emulator.directory, "archive");
    await mkdir(bucket, { recursive: true });
    for (const name of documents) await copyFile(join(examples, name), join(bucket, name));
  });
  after(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  const command = (...args: readonly string[]) =>
    runCli(args, {
      cwd: folder,
      env: { VISION_EMULATOR_HOST: test.emulator.grpc, VISION_EMULATOR_HTTP: test.emulator.http },
      stdin: documents.map((name) => `gs://archive/${name}\n`).join(""),
    });

  it("have their own picture, with the words where its letters are", async () => {
    const started = await command(
      ...["runs", "start", "--from", "-", "--run-id", "pages"],
      ...["--features", "DOCUMENT_TEXT_DETECTION", "--output", "gs://out/"],
    );
    expect(started.code, started.stderr).to.equal(0);
    const made = await command("report", "--run", "pages", "--out", "report");
    expect(made.stderr).to.contain("8 images and pages, 8 with a picture");
    const items = await readItems(join(folder, "report"));
    expect(items.map(({ uri, page }) => `${uri} ${page}`).sort()).to.deep.equal([
      ...[1, 2, 3].map((page) => `gs://archive/minutes.tiff ${page}`),
      ...[1, 2].map((page) => `gs://archive/notice.gif ${page}`),
      ...[1, 2, 3].map((page) => `gs://archive/report.pdf ${page}`),
    ]);
    for (const { uri, page, preview, thumbnail, text } of items) {
      const name = `${uri} ${page}`;
      const picture = await readPicture(join(folder, "report", preview ?? thumbnail ?? ""));
      const boxes = boxesOf(text?.words ?? []);
      expect(boxes, name).to.have.length.above(2);
      const inside = edgesIn(picture, boxes);
      const above = edgesIn(
        picture,
        boxes.map((box) => ({ ...box, top: box.top - box.high })),
      );
      expect(inside, name).to.be.above(4 * above);
    }
  });
});

interface Picture {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly high: number;
}

async function readItems(report: string): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  const visionReport = (_name: string, json: string): void => {
    items.push(...(JSON.parse(json) as ReportItem[]));
  };
  const data = join(report, "data");
  for (const name of (await readdir(data)).filter((each) => each.startsWith("items"))) {
    runInNewContext(await readFile(join(data, name), "utf8"), { visionReport });
  }
  return items;
}

async function readPicture(path: string): Promise<Picture> {
  const { data, info } = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The boxes of words, which are packed after four numbers each; see `ItemText`. */
function boxesOf(words: readonly number[]): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < words.length;) {
    const count = words[at + 3] ?? 0;
    const corners = words.slice(at + 4, at + 4 + count);
    const xs = corners.filter((_, place) => place % 2 === 0);
    const ys = corners.filter((_, place) => place % 2 === 1);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    boxes.push({ left, top, wide: Math.max(...xs) - left, high: Math.max(...ys) - top });
    at += 4 + count;
  }
  return boxes;
}

/** How often the brightness jumps from a pixel to the next within boxes: letters do, what is around them does not. */
function edgesIn({ data, width, height }: Picture, boxes: readonly Box[]): number {
  let edges = 0;
  for (const { left, top, wide, high } of boxes) {
    const [startX, endX] = [left, left + wide].map((x) => Math.round((x * width) / gridSize));
    const [startY, endY] = [top, top + high].map((y) => Math.round((y * height) / gridSize));
    for (let y = Math.max(0, startY!); y < endY!; y++) {
      for (let x = startX!; x < endX!; x++) {
        const at = y * width + x;
        if (Math.abs((data[at] ?? 0) - (data[at + 1] ?? 0)) > 60) edges++;
      }
    }
  }
  return edges;
}
