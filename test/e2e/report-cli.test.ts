import { expect } from "chai";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { ReportSummary } from "../../src/report/index.ts";
import { runCli, type CliResult } from "../cli/spawn-cli.ts";
import { TestEmulator } from "../fixtures/emulator.ts";

const recordings = [
  { uri: "gs://**/bad*", response: { error: { code: 3, message: "Bad image data." } } },
  { uri: "gs://**", response: { labelAnnotations: [{ description: "cat", score: 0.9 }] } },
];
const inputs = ["gs://inputs/a.png", "gs://inputs/b.png", "gs://inputs/bad.png"];

/** Options of the report alone, and words of what the help says of each. */
const explained = {
  "--out <PATH>": "the folder, or the .html file",
  "--run <ID>": "results of a run",
  "--journal <URL>": "where runs are kept",
  "--prices <FILE>": "Google's list prices",
  "--title <TEXT>": "title of the page",
  "--image-folder <FOLDER>": "where images lie",
  "--no-pictures": "boxes and text only",
  "--thumbnail <PIXELS>": "default: 320",
  "--preview <PIXELS>": "0 for none \\(default: 1280\\)",
  "--quiet": "no progress",
  "those of PDF pages": "@hyzyla/pdfium",
};

describe("vision-batch report", () => {
  let test: TestEmulator;
  let folder: string;
  before(async () => {
    test = await TestEmulator.start({ recordings });
    folder = await mkdtemp(join(tmpdir(), "vision-batch-report-cli-"));
    const bucket = join(test.emulator.directory, "inputs");
    await mkdir(bucket, { recursive: true });
    const image = await sharp({
      create: { width: 640, height: 480, channels: 3, background: "red" },
    })
      .png()
      .toBuffer();
    await writeFile(join(bucket, "a.png"), image);
    await writeFile(join(folder, "local.png"), image);
    const run = await command(
      "runs",
      "start",
      "--from",
      "-",
      "--images",
      "--run-id",
      "r1",
    )(...["--features", "LABEL_DETECTION,SAFE_SEARCH_DETECTION", "--output", "gs://out/"]);
    expect(run.code, run.stderr).to.equal(1);
  });
  after(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  const command =
    (...first: readonly string[]) =>
    (...rest: readonly string[]): Promise<CliResult> =>
      runCli([...first, ...rest], {
        cwd: folder,
        env: { VISION_EMULATOR_HOST: test.emulator.grpc, VISION_EMULATOR_HTTP: test.emulator.http },
        stdin: inputs.join("\n"),
      });
  const report = command("report");
  const summaryOf = async (path: string): Promise<ReportSummary> => {
    const html = await readFile(join(folder, path), "utf8");
    const [, json = ""] = /id="summary">(.*?)<\/script>/.exec(html) ?? [];
    return JSON.parse(json) as ReportSummary;
  };

  it("writes a run with its pictures, how it went and what it cost", async () => {
    const { code, stderr } = await report("--run", "r1", "--out", "run");
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain("3 images and pages, 1 with a picture: open ");
    const summary = await summaryOf("run/index.html");
    expect(summary).to.deep.include({ items: 3, pictures: 1, statusCounts: [2, 0, 1, 0, 0] });
    expect(summary.labels).to.deep.equal([["cat", 2]]);
    expect(summary.run).to.deep.include({ id: "r1", state: "done" });
    expect(summary.run?.ended.map(([, count]) => count)).to.deep.equal([3]);
    expect(summary.run?.latenciesMs).to.have.length(1);
    expect(summary.run?.cost).to.deep.include({ currency: "USD", units: 3 });
    expect(await readdir(join(folder, "run/images/0"))).to.have.length(2);
  });

  it("tells what each feature cost, by other prices where they are given", async () => {
    const tiers = [{ perThousand: 500 }];
    const prices = {
      ...{ currency: "EUR", source: "a contract" },
      features: {
        LABEL_DETECTION: { tiers },
        SAFE_SEARCH_DETECTION: { tiers, freeWith: "LABEL_DETECTION" },
      },
    };
    await writeFile(join(folder, "prices.json"), JSON.stringify(prices));
    const { code, stderr } = await report(
      ...["--run", "r1", "--out", "priced.html", "--prices", "prices.json", "--no-pictures"],
    );
    expect(code, stderr).to.equal(0);
    const { run, pictures } = await summaryOf("priced.html");
    expect(pictures).to.equal(0);
    expect(run?.cost).to.deep.equal({
      ...{ currency: "EUR", amount: 1.5, units: 3, unpriced: [], prices: "a contract" },
      byFeature: [
        ["LABEL_DETECTION", 1.5],
        ["SAFE_SEARCH_DETECTION", 0],
      ],
    });
  });

  it("writes what is below a prefix as one file", async () => {
    const { code, stderr } = await report(
      "gs://out/",
      "--out",
      "prefix.html",
      "--title",
      "All of it",
    );
    expect(code, stderr).to.equal(0);
    expect(await summaryOf("prefix.html")).to.deep.include({ title: "All of it", items: 3 });
  });

  it("writes NDJSON, with pictures from a folder and from no other place", async () => {
    await mkdir(join(folder, "images"));
    await copyFile(join(folder, "local.png"), join(folder, "images/local.png"));
    const lines = ["local.png", "../local.png", join(folder, "local.png")].map((uri, index) =>
      JSON.stringify({ index, uri, status: "succeeded", response: {} }),
    );
    await writeFile(join(folder, "r.ndjson"), lines.join("\n"));
    const { code, stderr } = await report(
      "r.ndjson",
      "--out",
      "nd.html",
      "--image-folder",
      "images",
    );
    expect(code, stderr).to.equal(0);
    expect(await summaryOf("nd.html")).to.include({ items: 3, pictures: 1 });
  });

  it("reads images as annotate named them from the working folder, and tells how they are found", async () => {
    const line = {
      ...{ index: 0, uri: "gs://gone/x/local.png", input: "images/local.png" },
      ...{ status: "succeeded", response: {} },
    };
    await writeFile(join(folder, "named.ndjson"), JSON.stringify(line));
    const found = await report("named.ndjson", "--out", "named.html", "--image-folder", "images/");
    expect(found.stderr).to.contain("1 images and pages, 1 with a picture");
    const lost = await report("named.ndjson", "--out", "lost.html");
    expect(lost.stderr).to.contain("no image was found: --image-folder names the folder");
    const status = { code: "PERMISSION_DENIED", message: "not yours" } as const;
    test.emulator.admin.setFaults([{ service: "storage", status }]);
    const refused = await report("named.ndjson", "--out", "refused.html");
    test.emulator.admin.setFaults([]);
    expect(refused.stderr).to.contain("pictures are lacking: ").and.contain("not yours");
    expect(refused.stderr).to.contain("--image-folder names the folder");
    const unwanted = await report("named.ndjson", "--out", "boxes.html", "--no-pictures");
    expect(unwanted.stderr).to.not.contain("--image-folder");
  });

  it("draws the pages of documents, each of its own", async () => {
    const pdf = await readFile(join(import.meta.dirname, "../../examples/inputs/report.pdf"));
    await mkdir(join(test.emulator.directory, "archive"), { recursive: true });
    await writeFile(join(test.emulator.directory, "archive/report.pdf"), pdf);
    const pages = [1, 2, 3].map((page) => ({ page, status: "succeeded", response: {} }));
    const line = { index: 0, uri: "gs://archive/report.pdf", status: "succeeded", pages };
    await writeFile(join(folder, "pdf.ndjson"), JSON.stringify(line));
    const { code, stderr } = await report("pdf.ndjson", "--out", "pdf", "--quiet");
    expect(code, stderr).to.equal(0);
    expect(await summaryOf("pdf/index.html")).to.include({ items: 3, pictures: 3 });
  });

  it("makes pictures as large as they are wanted, and shows no progress where it is to be quiet", async () => {
    const sized = async (out: string, ...flags: readonly string[]): Promise<readonly number[]> => {
      const { code, stderr } = await report("gs://out/", "--out", out, ...flags);
      expect(code, stderr).to.equal(0);
      if (flags.includes("--quiet")) expect(stderr).to.not.contain("writing the report");
      const images = join(folder, out, "images/0");
      const sizes = (await readdir(images)).map(async (name) =>
        sharp(join(images, name)).metadata(),
      );
      return (await Promise.all(sizes)).map(({ width }) => width).sort((a, b) => a - b);
    };
    expect(await sized("usual")).to.deep.equal([320, 640]);
    expect(await sized("small", "--thumbnail", "64", "--preview", "128")).to.deep.equal([64, 128]);
    expect(await sized("bare", "--preview", "0", "--quiet")).to.deep.equal([320]);
  });

  it("explains every option", async () => {
    const { code, stdout } = await report("--help");
    expect(code).to.equal(0);
    for (const [option, of] of Object.entries(explained)) {
      expect(stdout.replaceAll(/\s+/g, " "), option).to.match(new RegExp(`${option} .*${of}`));
    }
  });

  it("says what is wrong, and writes nothing then", async () => {
    await writeFile(join(folder, "bad.ndjson"), '{"index":0}\n');
    await mkdir(join(folder, "full/of"), { recursive: true });
    const wrong: readonly (readonly [string, ...string[]])[] = [
      ["give a gs:// prefix", "--out", "wrong"],
      ["not both", "gs://out/", "--run", "r1", "--out", "wrong"],
      ["no results at or below gs://out/none/", "gs://out/none/", "--out", "wrong"],
      ["there is no such file", "nothing.ndjson", "--out", "wrong"],
      ["bad.ndjson, line 1: expected", "bad.ndjson", "--out", "wrong"],
      ["there is no run r9", "--run", "r9", "--out", "wrong"],
      ["there is a file already", "gs://out/", "--out", "bad.ndjson"],
      ["the folder is not empty", "bad.ndjson", "--out", "full/"],
      ["--out", "gs://out/"],
      ["--thumbnail 8: expected", "gs://out/", "--out", "wrong", "--thumbnail", "8"],
      ["--preview x: expected", "gs://out/", "--out", "wrong", "--preview", "x"],
      ["journal sqlite:no.db", "--run", "r1", "--out", "wrong", "--journal", "sqlite:no.db"],
      ["--prices bad.ndjson: expected", "--run", "r1", "--out", "wrong", "--prices", "bad.ndjson"],
    ];
    for (const [message, ...args] of wrong) {
      const { code, stderr } = await report(...args);
      expect(stderr).to.contain(message);
      expect(code, message).to.be.oneOf([2, 3]);
    }
    const left = (await readdir(folder)).filter((name) => /wrong|part/.test(name));
    expect(left).to.deep.equal([]);
  });
});
