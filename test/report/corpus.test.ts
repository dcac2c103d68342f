import { expect } from "chai";
import { readPages } from "../../src/results/document/index.ts";
import { reportItems } from "../../src/report/report-items.ts";
import { corpus, readCorpus } from "../results/document/corpus.ts";

if (corpus !== undefined) {
  describe("reportItems of real results", () => {
    it("has every word of every page, in its place on the page", async () => {
      for (const { name, record } of await readCorpus(corpus!)) {
        const pages = readPages(record);
        const items = reportItems(record, undefined);
        expect(items, name).to.have.length(pages.length);
        pages.forEach((page, i) => {
          const text = items[i]?.text;
          expect(text?.text ?? "", name).to.equal(page.text);
          if (text === undefined) return;
          expect(text.lines, name).to.have.length(text.text.split("\n").length);
          const found: string[] = [];
          let start = 0;
          for (let at = 0; at < text.words.length;) {
            const [gap = 0, length = 0, , count = 0] = text.words.slice(at, at + 4);
            found.push(text.text.slice(start + gap, start + gap + length));
            start += gap + length;
            for (const step of text.words.slice(at + 4, at + 4 + count)) {
              expect(step, name).to.be.within(-10_000, 20_000);
            }
            at += 4 + count;
          }
          expect(found, name).to.deep.equal(page.words.map((word) => word.text));
        });
      }
    });
  });
}
