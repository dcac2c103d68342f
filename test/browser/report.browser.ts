import { expect } from "chai";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { waitUntil } from "../../scripts/browser/wait-until.ts";
import { writeReport } from "../../src/report/index.ts";
import type { ResultRecord } from "../../src/results/index.ts";
import { injectedRecord } from "../report/injected-record.ts";
import { injections } from "../report/injections.ts";
import { streamOf } from "../results/export/export-records.ts";
import { expectAccessible } from "./axe-check.ts";
import { ReportSession } from "./report-session.ts";
import { pageAssets } from "./sample-report.ts";

const screenshots = join(import.meta.dirname, "../../temp/screenshots");
const narrow = { width: 390, height: 800 };

describe("the report page", function () {
  this.timeout(60_000);
  let session: ReportSession;
  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    session = await ReportSession.open();
  });
  after(() => session.close());

  for (const file of ["folder/index.html", "one.html"]) {
    it(`shows images, boxes and statuses, offline from a disk: ${file}`, async () => {
      await session.inReport(file, async (page) => {
        expect(await page.locator(".card").count()).to.equal(10);
        const images = page.locator(".card img");
        expect(await images.count()).to.equal(6);
        const widths =
          "Array.from(document.querySelectorAll('.card img'), (each) => each.naturalWidth)";
        expect(await page.evaluate(widths)).to.deep.equal(Array.from({ length: 6 }, () => 320));
        expect(await page.locator(".card .layer.face").count()).to.equal(3);
        expect(await page.locator(".card .badge.notSubmitted").count()).to.equal(1);
        expect(await backgroundOf(page)).to.equal("rgb(245, 246, 248)");
      });
    });
  }

  it("searches all text, whatever its case and marks, and marks what it found", async () => {
    await session.inReport("folder/index.html", async (page) => {
      await page.fill("#search", "QUICK brown");
      await expectShown(page, ["en-0001.png", "en-0008.png"]);
      await page.click('[data-position="0"]');
      const marked = page.locator(".text .hit");
      expect(await marked.allTextContents()).to.deep.equal(["quick", "brown"]);
      expect(await page.locator(".overlay path.hit").count()).to.equal(1);
      await page.keyboard.press("Escape");
      await page.fill("#search", "שָׁלוֹם");
      await expectShown(page, ["he-0002.png"]);
      await page.fill("#search", '"brown quick"');
      await expectShown(page, []);
      await page.fill("#search", "deadline_exceeded");
      await expectShown(page, ["photo-0005.jpg"]);
      await page.fill("#search", "gs://scans/letters ar-");
      await expectShown(page, ["ar-0003.png"]);
      await page.fill("#search", "");
      const areAll = "document.querySelectorAll('.card').length === 10";
      expect(await waitUntil(page, areAll)).to.equal(true);
    });
  });

  it("filters by status, by what was found and by score, and clears all that", async () => {
    await session.inReport("one.html", async (page) => {
      const filters = page.locator(".filters");
      await filters.getByLabel("Failed").check();
      await expectShown(page, ["broken-0004.jpg"]);
      await filters.getByLabel("Missing").check();
      await expectShown(page, ["broken-0004.jpg", "missing-0006.jpg"]);
      await page.click("text=Clear filters");
      await filters.locator("fieldset", { hasText: "Has" }).getByLabel("Faces").check();
      await expectShown(page, ["photo-0000.jpg", "photo-0005.jpg", "photo-0009.jpg"]);
      await page.click("text=Clear filters");
      await page.fill("#search", "meadow");
      await expectShown(page, ["photo-0000.jpg", "photo-0005.jpg", "photo-0009.jpg"]);
      expect(await page.locator("text=Clear filters").count()).to.equal(0);
      await filters.getByLabel("Least score").fill("95");
      await expectShown(page, ["photo-0000.jpg", "photo-0005.jpg", "photo-0009.jpg"]);
    });
  });

  it("switches layers by choice and by key", async () => {
    await session.inReport("one.html", async (page) => {
      await page.locator(".filters fieldset", { hasText: "Boxes" }).getByLabel("Faces").uncheck();
      expect(await page.locator(".layer.face").count()).to.equal(0);
      await page.keyboard.press("2");
      expect(await page.locator(".layer.face").count()).to.equal(3);
      await page.click('[data-position="0"]');
      await page.getByRole("button", { name: /^Objects/ }).click();
      expect(await page.locator(".picture.large .layer.object").count()).to.equal(0);
    });
  });

  it("is used by the keyboard alone", async () => {
    await session.inReport("folder/index.html", async (page) => {
      await page.locator('[data-position="0"]').focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await expectFocus(page, "2");
      await page.keyboard.press("End");
      await expectFocus(page, "9");
      await page.keyboard.press("Home");
      await expectFocus(page, "0");
      await page.keyboard.press("Enter");
      expect(await page.locator("dialog.item h2").textContent()).to.equal("photo-0000.jpg");
      await page.keyboard.press("j");
      expect(await page.locator("dialog.item h2").textContent()).to.equal("en-0001.png");
      await page.keyboard.press("Escape");
      await expectFocus(page, "1");
      await page.keyboard.press("/");
      expect(await page.evaluate("document.activeElement.id")).to.equal("search");
      await page.locator('[data-position="1"]').focus();
      await page.keyboard.press("?");
      await page.locator("dialog.help").waitFor();
      await page.keyboard.press("Escape");
      // Keys are heard again when it has gone.
      await page.locator("dialog.help").waitFor({ state: "detached" });
      await page.keyboard.press("s");
      await page.locator(".summary").waitFor();
    });
  });

  it("draws its charts, with their numbers beside them", async () => {
    await session.inReport("one.html", async (page) => {
      await page.click("text=Summary");
      await page.waitForTimeout(300);
      const painted = await page.evaluate<number[]>(paintedPixels);
      expect(painted).to.have.length(10);
      for (const pixels of painted) expect(pixels).to.be.above(500);
      const numbers = page.locator(".chart", { hasText: "by status" }).locator("td");
      expect(await numbers.allTextContents()).to.deep.equal(["6", "1", "1", "1", "1"]);
    });
  });

  it("tells how a run went and what it cost, and of anything else that it is told of runs only", async () => {
    await session.inReport("one.html", async (page) => {
      await page.click("text=Summary");
      const facts = await page.locator(".facts li").allTextContents();
      expect(facts.slice(4)).to.deep.equal([
        "donerun album-2026",
        "5.9 minfrom start to last result",
        "27.00 USDcost, without product search: no known price",
        "10,000billed images and pages",
      ]);
      const costs = page.locator(".chart", { hasText: "Cost by feature, USD" }).locator("td");
      expect(await costs.allTextContents()).to.deep.equal(["13.5", "13.5", "0", "0"]);
    });
    const record: ResultRecord = { status: "missing", index: 0, uri: "gs://in/a.jpg" };
    await writeReport(join(session.root, "prefix.html"), streamOf(record), {
      assets: await pageAssets(),
    });
    await session.inReport("prefix.html", async (page) => {
      await page.click("text=Summary");
      expect(await page.locator(".chart figcaption").allTextContents()).to.deep.equal([
        "Images and pages by status",
      ]);
      expect(await page.locator(".summary").textContent()).to.contain("told of runs only");
    });
  });

  it("draws only what is in view of many images, and gets to the last", async () => {
    const records = Array.from({ length: 3000 }, (_, index): ResultRecord => ({
      ...{ status: "missing", index, uri: `gs://in/${index}.jpg` },
    }));
    await writeReport(join(session.root, "many"), streamOf(...records), {
      assets: await pageAssets(),
    });
    await session.inReport("many/index.html", async (page) => {
      expect(await page.locator(".card").count()).to.be.below(60);
      await page.locator('[data-position="0"]').focus();
      await page.keyboard.press("End");
      await expectFocus(page, "2999");
      expect(await page.locator('[data-position="2999"] .name').textContent()).to.equal("2999.jpg");
      expect(await page.locator(".card").count()).to.be.below(60);
    });
  });

  it("obeys nothing that stands in names, text, labels or errors", async () => {
    const records = injections.map((text, index) => injectedRecord(index, text));
    for (const file of ["injected.html", "injected"]) {
      await writeReport(join(session.root, file), streamOf(...records), {
        ...{ assets: await pageAssets(), title: injections.join(" "), sources: injections },
      });
      const path = file.endsWith(".html") ? file : `${file}/index.html`;
      await session.inReport(path, async (page) => {
        await page.click('[data-position="0"]');
        for (const text of injections) {
          const shown = await page.locator(".error p").textContent();
          expect(shown?.toWellFormed()).to.equal(text.toWellFormed());
          await page.keyboard.press("j");
        }
        await page.keyboard.press("Escape");
        await page.fill("#search", "script");
        await page.click("text=Summary");
        await page.waitForTimeout(100);
        expect(await page.evaluate("'injected' in globalThis")).to.equal(false);
        expect(await page.locator("iframe, base, a, object, embed").count()).to.equal(0);
      });
    }
  });

  for (const colorScheme of ["light", "dark"] as const) {
    for (const viewport of [undefined, narrow]) {
      const size = viewport === undefined ? "desktop" : "narrow";
      it(`has no serious accessibility finding: ${colorScheme}, ${size}`, async () => {
        const options = { colorScheme, ...(viewport === undefined ? {} : { viewport }) };
        const keep = async (page: Page, name: string): Promise<void> => {
          const path = join(screenshots, `${name}-${size}-${colorScheme}.png`);
          await page.screenshot({ path });
          await expectAccessible(page);
          const isWide = "document.documentElement.scrollWidth > innerWidth";
          expect(await page.evaluate(isWide), `${name} is wider than the page`).to.equal(false);
        };
        await session.inReport(
          "folder/index.html",
          async (page) => {
            await keep(page, "images");
            if (viewport !== undefined) {
              await page.getByRole("button", { name: "Filters" }).click();
              await keep(page, "filters");
              await page.getByRole("button", { name: "Filters" }).click();
            }
            for (const position of [0, 2, 4, 8]) {
              await page.locator(`[data-position="${position}"]`).scrollIntoViewIfNeeded();
              await page.click(`[data-position="${position}"]`);
              await page.waitForTimeout(100);
              await keep(page, `item-${position}`);
              await page.keyboard.press("Escape");
            }
            await page.click("text=Summary");
            await page.waitForTimeout(100);
            await keep(page, "summary");
            await page.getByRole("button", { name: "Keys" }).click();
            await keep(page, "help");
          },
          options,
        );
      });
    }
  }

  it("is as dark as the system, at once when that changes, or as it was chosen", async () => {
    await session.inReport("one.html", async (page) => {
      await page.emulateMedia({ colorScheme: "dark" });
      await expectShade(page, "dark");
      await page.keyboard.press("t");
      await expectShade(page, "light");
      await page.emulateMedia({ colorScheme: "light" });
      await page.keyboard.press("t");
      await expectShade(page, "dark");
      await page.reload();
      await expectShade(page, "dark");
      await page.keyboard.press("t");
      await expectShade(page, "light");
    });
  });
});

/** The names of the cards, once they are these. */
async function expectShown(page: Page, names: readonly string[]): Promise<void> {
  const shown = "Array.from(document.querySelectorAll('.card .name'), (each) => each.textContent)";
  const wanted = JSON.stringify(names);
  const areShown = `JSON.stringify(${shown}) === ${JSON.stringify(wanted)}`;
  // Where it never comes to it, what is shown instead says more.
  await waitUntil(page, areShown);
  expect(await page.evaluate(shown)).to.deep.equal(names);
}

/** The page is told of another system a frame later. */
async function expectShade(page: Page, shade: "light" | "dark"): Promise<void> {
  const color = shade === "light" ? "rgb(245, 246, 248)" : "rgb(18, 21, 28)";
  await waitUntil(page, `getComputedStyle(document.body).backgroundColor === "${color}"`);
  expect(await backgroundOf(page)).to.equal(color);
}

async function backgroundOf(page: Page): Promise<string> {
  return page.evaluate("getComputedStyle(document.body).backgroundColor");
}

async function expectFocus(page: Page, position: string): Promise<void> {
  const focused = `document.activeElement?.dataset.position === "${position}"`;
  expect(await waitUntil(page, focused), `the focus at ${position}`).to.equal(true);
}

/** How many pixels each canvas has painted. */
const paintedPixels = `Array.from(document.querySelectorAll(".chart canvas"), (canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, place) => place % 4 === 3 && value !== 0).length;
})`;
