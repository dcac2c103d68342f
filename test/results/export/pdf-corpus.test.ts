import { expect } from "chai";
import { readPages } from "../../../src/results/document/index.ts";
import { createPdfExporter } from "../../../src/results/export/pdf.ts";
import { corpus, readCorpus } from "../document/corpus.ts";
import { exported } from "./export-records.ts";
import { hasPoppler, readWithPdfium, readWithPoppler } from "./pdf-reader.ts";

if (corpus !== undefined) testCorpus(corpus);

function testCorpus(folder: string): void {
  describe("searchable PDFs of real results", () => {
    const readers = hasPoppler ? { readWithPdfium, readWithPoppler } : { readWithPdfium };
    for (const [name, read] of Object.entries(readers)) {
      // Crooked handwriting is where a program joins or parts what stands close.
      it(`have at least 98 of 100 words as ${name} finds them`, async () => {
        let wanted = 0;
        let found = 0;
        for (const { record } of await readCorpus(folder)) {
          const [page] = readPages(record);
          const words = tokens(page?.text);
          if (page?.width === undefined || page.words.every(({ box }) => box === undefined))
            continue;
          const exporter = createPdfExporter({ readImage: () => Promise.resolve(undefined) });
          const [shown] = await read(await exported(exporter, record));
          const left = tokens(shown?.text);
          wanted += words.length;
          for (const word of words) {
            const at = left.indexOf(word);
            if (at < 0) continue;
            left.splice(at, 1);
            found++;
          }
        }
        expect(wanted).to.be.greaterThan(1000);
        expect(found / wanted).to.be.greaterThan(0.98);
      });
    }
  });
}

/** What stands between spaces, without the marks by which programs tell the direction of text. */
function tokens(text = ""): string[] {
  return text
    .replace(/[\u202a-\u202e]/g, "")
    .replaceAll("\u0002", "-")
    .split(/\s+/)
    .filter((token) => token !== "");
}
