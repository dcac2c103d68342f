import { expect } from "chai";
import fc from "fast-check";
import {
  createDocumentView,
  groupBySource,
  openDocument,
  type DocumentView,
  type TextPassage,
} from "../../../src/results/document/index.ts";
import type { ResultRecord, SucceededRecord } from "../../../src/results/result-record.ts";
import { documentOf, makePage, recordOf } from "./page-fixture.ts";

const book = (): DocumentView =>
  createDocumentView(documentOf(["The first page\nwith an ex-\nample", "", "The third page"]));

function places({ boxes }: TextPassage): readonly (readonly number[])[] {
  return boxes.map(({ page, box }) => [page, box.pixels!.left, box.pixels!.right, box.pixels!.top]);
}

describe("createDocumentView", () => {
  it("puts pages in order, whatever the order of their records", () => {
    const records = documentOf(["a", "b", "c"]);
    expect(createDocumentView(records.toReversed()).text()).to.equal("a\fb\fc");
  });

  it("has a page for one that failed", () => {
    const error = { code: "INTERNAL", message: "no", details: [] } as const;
    const [first, second] = documentOf(["a", "b"]);
    const failed = { status: "failed", index: 0, uri: first!.uri, page: 3, error } as const;
    const view = createDocumentView([first!, second!, failed]);
    expect(view.pages.map(({ status }) => status)).to.eql(["succeeded", "succeeded", "failed"]);
    expect(view.text()).to.equal("a\fb\f");
  });

  it("refuses records of several documents, and none", () => {
    expect(() => createDocumentView([])).to.throw(RangeError, "at least one record");
    const records = [...documentOf(["a"], "gs://in/a.pdf"), ...documentOf(["b"], "gs://in/b.pdf")];
    expect(() => createDocumentView(records)).to.throw(RangeError, "2 documents");
  });

  it("gives the same text however pages are spread over responses", () => {
    const word = fc.stringMatching(/^[a-zא-ת一-十]{1,6}$/);
    const texts = fc.array(
      fc.array(word, { maxLength: 6 }).map((words) => words.join(" ")),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.nat(2)), fc.nat(), (pages, sizes, turn) => {
        const records: SucceededRecord[] = [];
        for (let first = 0; first < pages.length;) {
          const count = 1 + (sizes.next().value as number);
          const some = pages.slice(first, first + count);
          const made = some.map((text) => makePage({ blocks: text === "" ? [] : [{ text }] }));
          const response = { fullTextAnnotation: { pages: made } };
          records.push({ ...recordOf({}), page: first + 1, response });
          first += count;
        }
        const from = turn % records.length;
        const shuffled = [...records.slice(from), ...records.slice(0, from)];
        const view = createDocumentView(shuffled);
        expect(view.text()).to.equal(pages.join("\f"));
        expect(view.pages.map(({ number }) => number)).to.eql(pages.map((_, i) => i + 1));
        for (const { text, page } of allWords(view)) expect(pages[page - 1]).to.include(text);
      }),
      { numRuns: 200 },
    );
  });
});

function allWords(view: DocumentView): { text: string; page: number }[] {
  return view.pages.flatMap(({ number, words }) =>
    words.map(({ text }) => ({ text, page: number })),
  );
}

describe("text of a stretch", () => {
  it("is that of pages", () => {
    expect(book().text({ pages: [2, 3] })).to.equal("\fThe third page");
    expect(book().text({ pages: [1, 1] })).to.equal("The first page\nwith an ex-\nample");
  });

  it("is that of words, over pages", () => {
    expect(book().text({ words: [1, 3] })).to.equal("first page");
    expect(book().text({ words: [6, 8] })).to.equal("ample\f\fThe");
    expect(book().text({ words: [4, 4] })).to.equal("");
    expect(
      book()
        .words.slice(6, 8)
        .map(({ text }) => text),
    ).to.eql(["ample", "The"]);
  });

  it("is that of characters, with the words and places they touch", () => {
    const passage = book().passage({ characters: [6, 12] });
    expect(passage.text).to.equal("rst pa");
    expect(passage.words.map(({ text }) => text)).to.eql(["first", "page"]);
    expect(places(passage)).to.eql([[1, 160, 220, 100]]);
  });

  it("has whole words for places where symbols have none", () => {
    const page = makePage({ blocks: [{ text: "abc" }], withoutSymbolBoxes: true });
    const passage = createDocumentView([recordOf(page)]).passage({ characters: [1, 2] });
    expect(places(passage)).to.eql([[1, 100, 130, 100]]);
  });

  it("is that of a line of very many words", () => {
    const words = Array.from({ length: 150_000 }, () => ({ symbols: [{ text: "a" }] }));
    const pages = [{ blocks: [{ paragraphs: [{ words }] }] }];
    const view = createDocumentView([
      { ...recordOf({}), response: { fullTextAnnotation: { pages } } },
    ]);
    expect(view.passage({ characters: [0, 150_000] }).words).to.have.length(150_000);
  });

  it("refuses what is not there", () => {
    expect(() => book().text({ pages: [4, 5] })).to.throw(RangeError, "has 3");
    expect(() => book().text({ words: [5, 99] })).to.throw(RangeError, "no words 5 to 99");
    expect(() => book().text({ characters: [-1, 2] })).to.throw(RangeError);
  });
});

describe("search", () => {
  const find = (query: string | RegExp, matchCase?: boolean): TextPassage[] => [
    ...book().search(query, { matchCase }),
  ];

  it("finds a string with its boxes, in small and capital letters", () => {
    const found = find("PAGE");
    expect(found.map(({ text }) => text)).to.eql(["page", "page"]);
    expect(found.map(places)).to.eql([[[1, 200, 240, 100]], [[3, 200, 240, 100]]]);
    expect(find("PAGE", true)).to.eql([]);
  });

  it("finds words over the ends of lines and pages, with a box for each line", () => {
    const [lines] = find("page  with");
    expect(places(lines!)).to.eql([
      [1, 200, 240, 100],
      [1, 100, 140, 130],
    ]);
    const [pages] = find("example the third");
    expect(places(pages!)).to.eql([
      [1, 180, 200, 130],
      [1, 100, 150, 160],
      [3, 100, 190, 100],
    ]);
  });

  it("finds a word that is divided between lines, with or without its own hyphen", () => {
    expect(find("example").map(({ text }) => text)).to.eql(["ex-\nample"]);
    const [page] = documentOf(["well-known and well-known"]);
    const view = createDocumentView([page!]);
    expect([...view.search("well-known")]).to.have.length(2);
  });

  it("takes no sign of a string for one of a pattern, and finds nothing for nothing", () => {
    expect(find("f.rst")).to.eql([]);
    expect(find("(")).to.eql([]);
    expect(find("  ")).to.eql([]);
  });

  it("matches a pattern against the text, all of it, whatever its flags", () => {
    expect(find(/the (\w+) page/iy).map(({ text }) => text)).to.eql([
      "The first page",
      "The third page",
    ]);
    expect(find(/x*?/g)).to.eql([]);
  });

  it("finds every word that there is", () => {
    const word = fc.stringMatching(/^[a-z+.*(\\-]{1,8}$/).filter((text) => !text.endsWith("-"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const view = createDocumentView(documentOf([words.join(" ")]));
        for (const each of view.words) {
          const found = [...view.search(each.text, { matchCase: true })];
          expect(found.some(({ start }) => start === each.start)).to.equal(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("groupBySource", () => {
  async function* streamOf(records: readonly ResultRecord[]): AsyncGenerator<ResultRecord> {
    yield* records;
  }
  const indexed = (index: number, texts: readonly string[]): SucceededRecord[] =>
    documentOf(texts, `gs://in/${index}.pdf`).map((record) => ({ ...record, index }));
  const records = [...indexed(0, ["a", "b"]), ...indexed(1, ["c"]), ...indexed(2, ["d", "e"])];

  it("parts the records of documents that follow each other", async () => {
    const texts: string[] = [];
    for await (const group of groupBySource(streamOf(records))) {
      texts.push(`${group.uri} ${(await openDocument(group.records)).text()}`);
    }
    expect(texts).to.eql(["gs://in/0.pdf a\fb", "gs://in/1.pdf c", "gs://in/2.pdf d\fe"]);
  });

  it("skips what is not read of a document", async () => {
    const seen: string[] = [];
    for await (const group of groupBySource(records)) {
      if (group.index === 1) continue;
      for await (const record of group.records) {
        seen.push(`${record.uri}#${record.page ?? 0}`);
        break;
      }
    }
    expect(seen).to.eql(["gs://in/0.pdf#1", "gs://in/2.pdf#1"]);
  });

  it("ends the reading of the records when it is left", async () => {
    let ended = false;
    async function* source(): AsyncGenerator<ResultRecord> {
      try {
        yield* records;
      } finally {
        ended = true;
      }
    }
    for await (const _ of groupBySource(source())) break;
    expect(ended).to.equal(true);
  });
});
