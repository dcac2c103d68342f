import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { writeReport, type PageAssets } from "../../src/report/index.ts";
import type { ReportItem } from "../../src/report/report-data.ts";
import type { ResultRecord } from "../../src/results/index.ts";
import { streamOf } from "../results/export/export-records.ts";
import { injectedRecord } from "./injected-record.ts";
import { injections } from "./injections.ts";
import { rejection } from "./rejection.ts";

const assets: PageAssets = { script: "void 0;", style: "body{}" };

const missing = (index: number): ResultRecord => ({
  ...{ status: "missing", index, uri: `gs://in/${index}.jpg` },
});

describe("writeReport", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "write-report-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("writes a folder in chunks that add up", async () => {
    const folder = join(root, "report");
    const records = Array.from({ length: 1045 }, (_, index) => missing(index));
    const summary = await writeReport(folder, streamOf(...records), { assets });
    expect(summary).to.deep.include({ items: 1045, statusCounts: [0, 0, 0, 1045, 0] });
    const places: number[] = [];
    for (let chunk = 0; chunk < 53; chunk++) {
      places.push(...itemsIn(join(folder, "data", `items-${chunk}.js`)).map((item) => item.place));
    }
    expect(places).to.deep.equal(records.map((_, place) => place));
    const names = readdirSync(join(folder, "data"));
    expect(names.filter((name) => name.startsWith("index"))).to.have.length(2);
    expect(names.filter((name) => name.startsWith("text"))).to.have.length(6);
  });

  it("keeps text that a page might obey as it is, and out of the page's own markup", async () => {
    const records = injections.map((text, index) => injectedRecord(index, text));
    await writeReport(join(root, "one.html"), streamOf(...records), {
      ...{ assets, title: injections.join(""), sources: injections },
    });
    const html = readFileSync(join(root, "one.html"), "utf8");
    expect(html).to.not.match(
      /<script>globalThis|<img|<svg|<iframe|<base|<meta http-equiv=refresh/i,
    );
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.filter((tag) => !tag.includes("application/json"))).to.deep.equal(["<script>"]);
    expect(html.match(/<\/script>/g)).to.have.length(scripts.length);

    const folder = join(root, "folder");
    await writeReport(folder, streamOf(...records), { assets });
    const items = [0, 1].flatMap((n) => itemsIn(join(folder, "data", `items-${n}.js`)));
    const expected = injections.map((text) => text.toWellFormed());
    expect(items.map(({ error }) => error?.message.toWellFormed())).to.deep.equal(expected);
  });

  it("names script and style of a single file by their hashes alone", async () => {
    await writeReport(join(root, "one.html"), streamOf(missing(0)), { assets });
    const html = readFileSync(join(root, "one.html"), "utf8");
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy).to.match(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/);
    expect(policy).to.not.match(/unsafe|https?:|\*/);
  });

  it("leaves nothing of a report that fails", async () => {
    async function* failing(): AsyncGenerator<ResultRecord> {
      yield missing(0);
      throw new Error("the store is gone");
    }
    for (const name of ["folder", "one.html"]) {
      const error = await rejection(writeReport(join(root, name), failing(), { assets }));
      expect(error.message).to.equal("the store is gone");
    }
    expect(readdirSync(root)).to.deep.equal([]);
  });

  it("ends with the reason of its signal", async () => {
    const controller = new AbortController();
    const records = Array.from({ length: 50 }, (_, index) => missing(index));
    const writing = writeReport(join(root, "folder"), streamOf(...records), {
      ...{ assets, signal: controller.signal },
      onProgress: (items) => {
        if (items === 10) controller.abort(new Error("left"));
      },
    });
    expect((await rejection(writing)).message).to.equal("left");
    expect(readdirSync(root)).to.deep.equal([]);
  });

  it("replaces an empty folder and no other", async () => {
    mkdirSync(join(root, "empty"));
    await writeReport(join(root, "empty/"), streamOf(missing(0)), { assets });
    expect(readdirSync(join(root, "empty"))).to.include("index.html");
    mkdirSync(join(root, "full"));
    writeFileSync(join(root, "full", "mine.txt"), "mine");
    await rejection(writeReport(join(root, "full"), streamOf(missing(0)), { assets }));
    expect(readdirSync(root).sort()).to.deep.equal(["empty", "full"]);
    expect(readdirSync(join(root, "full"))).to.deep.equal(["mine.txt"]);
  });
});

/** The items that the script of a chunk hands to the page. */
function itemsIn(path: string): readonly ReportItem[] {
  const handed: string[] = [];
  const context = { visionReport: (_name: string, json: string) => void handed.push(json) };
  runInNewContext(readFileSync(path, "utf8"), context);
  expect(Object.keys(context)).to.deep.equal(["visionReport"]);
  return JSON.parse(handed.join("")) as readonly ReportItem[];
}
