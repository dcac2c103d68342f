import { expect } from "chai";
import { createDocumentView, readPages } from "../../../src/results/document/index.ts";
import { corpus, readCorpus } from "./corpus.ts";

/** Files whose text was cut by hand, so that their words are not all of it. */
const cut = ["gdocs__census2010_output-1-to-1_abridged.json"];

if (corpus !== undefined) testCorpus(corpus);

function testCorpus(folder: string): void {
  describe("document view of real results", () => {
    it("has the text that the service gives, letter by letter", async () => {
      const records = await readCorpus(folder);
      expect(records).to.have.length.above(20);
      for (const { name, record } of records.filter((each) => !cut.includes(each.name))) {
        const { fullTextAnnotation, textAnnotations } = record.response;
        const expected = fullTextAnnotation?.text ?? textAnnotations?.[0]?.description ?? "";
        const view = createDocumentView([record]);
        expect(view.text(), name).to.equal(expected.replace(/\n$/, ""));
      }
    });

    it("has every word in both orders of reading, and finds each where it stands", async () => {
      for (const { name, record } of await readCorpus(folder)) {
        const view = createDocumentView([record]);
        const columns = createDocumentView([record], { readingOrder: "columns" });
        const sorted = (words: typeof view.words): string[] => words.map(({ text }) => text).sort();
        expect(sorted(columns.words), name).to.eql(sorted(view.words));
        for (const [i, word] of view.words.entries()) {
          expect(view.text({ words: [i, i + 1] }), name).to.equal(word.text);
        }
        for (const { text } of view.words.slice(0, 50)) {
          const [found] = view.search(text, { matchCase: true });
          expect(found?.text.replaceAll("-\n", ""), name).to.equal(text);
        }
      }
    });

    it("tells that a page stands on its head", async () => {
      const records = await readCorpus(folder);
      const { record } = records.find(({ name }) => name.includes("I1PD958460003"))!;
      expect(Math.abs(readPages(record)[0]!.angle)).to.be.within(175, 180);
    });
  });
}
