import { expect } from "chai";
import { createMarkdownExporter } from "../../../src/results/export/markdown.ts";
import type { ResultRecord } from "../../../src/results/result-record.ts";
import { documentOf, recordOfText } from "../document/page-fixture.ts";
import { exportText } from "./export-text.ts";

const markdownOf = (...records: readonly ResultRecord[]): Promise<string> =>
  exportText(createMarkdownExporter(), records);

/** The record of a text without `fullTextAnnotation`, whose lines end for good. */
function plain(description: string): ResultRecord {
  return {
    status: "succeeded",
    index: 0,
    uri: "gs://in/a.png",
    response: { textAnnotations: [{ description }] },
  };
}

describe("createMarkdownExporter", () => {
  it("writes a paragraph for each paragraph, with its lines and divided words put together", async () => {
    const markdown = await markdownOf(
      recordOfText("One line\nand an ex-\nample here\n\nNext", "Below"),
    );
    expect(markdown).to.equal("One line\nand an example here\n\nNext\n\nBelow\n");
  });

  it("writes a hard break where a line ended for good", async () => {
    expect(await markdownOf(plain("12 Main St\nTown"))).to.equal("12 Main St\\\nTown\n");
  });

  it("puts lines together without a space where none is written between words", async () => {
    expect(await markdownOf(recordOfText("日本国民は\n正当に\nabc"))).to.equal(
      "日本国民は正当に\nabc\n",
    );
    const others = recordOfText("ภาษา\nไทย\n\n\u{20bb7}\n\u{20bb7}\n\nབོད་\nཡིག");
    expect(await markdownOf(others)).to.equal("ภาษาไทย\n\n\u{20bb7}\u{20bb7}\n\nབོད་ཡིག\n");
  });

  it("escapes what has a meaning anywhere", async () => {
    const text = "*a* _b_ `c` [d](e) <f> &amp; ~~g~~ h|i $j$ k\\ http://l_m www.n.o _www.p";
    expect(await markdownOf(plain(text))).to.equal(
      "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f> \\&amp; \\~\\~g\\~\\~ h\\|i \\$j\\$ k\\\\ http\\://l\\_m www\\.n.o \\_www\\.p\n",
    );
  });

  it("escapes what has a meaning where a line begins, and only there", async () => {
    const lines = ["# a #", "1. b 1.", "2) c", "- d - e", "+ f", "> g", "=== h", ":- i", "3.5"];
    expect(await markdownOf(plain(lines.join("\n")))).to.equal(
      [
        "\\# a #",
        "1\\. b 1.",
        "2\\) c",
        "\\- d - e",
        "\\+ f",
        "\\> g",
        "\\=== h",
        "\\:- i",
        "3\\.5\n",
      ].join("\\\n"),
    );
  });

  it("parts pages, empty ones too", async () => {
    expect(await markdownOf(...documentOf(["a", "", "c"]))).to.equal("a\n\n***\n\n\n***\n\nc\n");
    const exporter = createMarkdownExporter({ separator: "<hr>" });
    expect(await exportText(exporter, documentOf(["a", "b"]))).to.equal("a\n\n<hr>\n\nb\n");
  });

  it("keeps a hyphen that has no next line, and no control characters", async () => {
    const symbols = [
      { text: "a\u0000" },
      { text: "b", property: { detectedBreak: { type: "HYPHEN" as const } } },
    ];
    const pages = [{ blocks: [{ paragraphs: [{ words: [{ symbols }] }] }] }];
    const record = { ...recordOfText(), response: { fullTextAnnotation: { pages } } };
    expect(await markdownOf(record)).to.equal("a b-\n");
  });

  it("leaves out lines of nothing but control characters, with the break that would end them", async () => {
    const words = ["a", "\u0007", "b", "\u0007"].map((text) => ({
      symbols: [{ text, property: { detectedBreak: { type: "LINE_BREAK" as const } } }],
    }));
    const pages = [{ blocks: [{ paragraphs: [{ words }] }] }];
    const record = { ...recordOfText(), response: { fullTextAnnotation: { pages } } };
    expect(await markdownOf(record)).to.equal("a\\\nb\n");
  });

  it("escapes what has a meaning only once lines are put together", async () => {
    expect(await markdownOf(recordOfText("ww-\nw.a_b"))).to.equal("www\\.a\\_b\n");
  });
});
