import { expect } from "chai";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { waitUntil } from "../../scripts/browser/wait-until.ts";
import { writeReport } from "../../src/report/index.ts";
import type { ResultRecord } from "../../src/results/index.ts";
import { streamOf } from "../results/export/export-records.ts";
import { ReportSession } from "./report-session.ts";
import { pageAssets } from "./sample-report.ts";

describe("the words of the report page", function () {
  this.timeout(60_000);
  let session: ReportSession;
  before(async () => {
    session = await ReportSession.open();
  });
  after(() => session.close());

  it("draws words where they are in the picture", async () => {
    await session.inReport("folder/index.html", async (page) => {
      await page.click('[data-position="1"]');
      const picture = await page.locator(".picture.large").boundingBox();
      const path = await page.locator(".picture.large .layer.word path:not(.halo)").boundingBox();
      // The first word begins at 80 of 960 pixels, the last line ends at 414 of 720.
      expect(path!.x - picture!.x).to.be.closeTo((80 / 960) * picture!.width, 3);
      expect(path!.y - picture!.y + path!.height).to.be.closeTo((414 / 720) * picture!.height, 3);
    });
  });

  it("sets the words where they stand where there is no picture", async () => {
    await session.inReport("one.html", async (page) => {
      await page.click('[data-position="8"]');
      const words = page.locator(".word-sheet text");
      expect((await words.allTextContents()).join(" ")).to.equal(
        "Vision report sample The quick brown fox",
      );
      const sheet = (await page.locator(".picture.large").boundingBox())!;
      const first = (await words.first().boundingBox())!;
      // Its box goes from 80 to 270 of 960 pixels.
      expect(first.x - sheet.x).to.be.closeTo((80 / 960) * sheet.width, 3);
      expect(first.width).to.be.closeTo((190 / 960) * sheet.width, 6);
    });
  });

  it("lights a word in the picture and in the text together", async () => {
    await session.inReport("folder/index.html", async (page) => {
      await page.click('[data-position="1"]');
      await page.hover('.text [data-word="4"]');
      const picture = (await page.locator(".picture.large").boundingBox())!;
      const lit = (await page.locator(".overlay path.lit").boundingBox())!;
      expect(lit.y - picture.y).to.be.closeTo((220 / 720) * picture.height, 4);
      await page.mouse.move(picture.x + picture.width * 0.14, picture.y + picture.height * 0.16);
      await expectLit(page, "Vision");
      await page.mouse.move(0, 0);
      await expectLit(page, "");
      await page.locator(".text").focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await expectLit(page, "report");
    });
  });

  it("sets right-to-left text to the right, in its order", async () => {
    await session.inReport("folder/index.html", async (page) => {
      for (const position of [2, 3]) {
        await page.click(`[data-position="${position}"]`);
        const pane = (await page.locator(".text").boundingBox())!;
        const first = (await page.locator('.text [data-word="0"]').boundingBox())!;
        const second = (await page.locator('.text [data-word="1"]').boundingBox())!;
        expect(pane.x + pane.width - first.x - first.width).to.be.below(24);
        expect(second.x + second.width).to.be.below(first.x + 1);
        await page.keyboard.press("Escape");
      }
    });
  });

  it("sets text that runs down from top to bottom, in columns from the right", async () => {
    const columns = ["吾輩は猫である", "名前はまだ無い"].map((text, place) => {
      const left = 600 - place * 120;
      return {
        boundingBox: square(left, 60, left + 70, 620),
        symbols: Array.from(text, (letter, i) => ({
          ...{ text: letter, boundingBox: square(left, 60 + i * 80, left + 70, 130 + i * 80) },
          ...(i === 6 ? { property: { detectedBreak: { type: "LINE_BREAK" as const } } } : {}),
        })),
      };
    });
    const pages = [{ width: 800, height: 700, blocks: [{ paragraphs: [{ words: columns }] }] }];
    const response = { fullTextAnnotation: { pages } };
    const record: ResultRecord = { status: "succeeded", index: 0, uri: "gs://in/a.jpg", response };
    await writeReport(join(session.root, "down.html"), streamOf(record), {
      assets: await pageAssets(),
    });
    await session.inReport("down.html", async (page) => {
      await page.click('[data-position="0"]');
      for (const words of [page.locator(".text.down span"), page.locator(".word-sheet text")]) {
        const [first, second] = [
          await words.nth(0).boundingBox(),
          await words.nth(1).boundingBox(),
        ];
        expect(first!.height).to.be.above(4 * first!.width);
        expect(second!.x + second!.width).to.be.below(first!.x + 1);
      }
    });
  });
});

function square(left: number, top: number, right: number, bottom: number) {
  const xs = [left, right, right, left];
  return { vertices: xs.map((x, place) => ({ x, y: place < 2 ? top : bottom })) };
}

/** The words that are lit in the text; a frame may pass until they are. */
async function expectLit(page: Page, text: string): Promise<void> {
  const lit =
    "Array.from(document.querySelectorAll('.text .lit'), (each) => each.textContent).join()";
  await waitUntil(page, `${lit} === "${text}"`);
  expect(await page.evaluate(lit)).to.equal(text);
}
