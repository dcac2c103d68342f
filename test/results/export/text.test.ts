import { expect } from "chai";
import { createTextExporter } from "../../../src/results/export/text.ts";
import type { ResultRecord } from "../../../src/results/result-record.ts";
import { documentOf, makePage, recordOf } from "../document/page-fixture.ts";
import { exportText } from "./export-text.ts";

describe("createTextExporter", () => {
  it("writes the lines of every page, with a form feed between pages", async () => {
    const records = documentOf(["One line\nand an ex-\nample", "Two"]);
    const text = await exportText(createTextExporter(), records);
    expect(text).to.equal("One line\nand an ex-\nample\n\fTwo\n");
  });

  it("writes an empty page for one without text or that failed, so that pages keep their places", async () => {
    const error = { code: "INTERNAL", message: "no", details: [] } as const;
    const failed: ResultRecord = {
      status: "failed",
      index: 0,
      uri: "gs://in/a.pdf",
      page: 3,
      error,
    };
    const text = await exportText(createTextExporter(), [
      ...documentOf(["a", ""]),
      failed,
      ...documentOf(["d"]),
    ]);
    expect(text).to.equal("a\n\f\f\fd\n");
  });

  it("writes what it is told between pages, and columns in their order", async () => {
    const blocks = [
      { text: "right", left: 500 },
      { text: "left", left: 100 },
    ];
    const records = [recordOf(makePage({ blocks })), ...documentOf(["next"])];
    const exporter = createTextExporter({ separator: "--\n", readingOrder: "columns" });
    expect(await exportText(exporter, records)).to.equal("left\nright\n--\nnext\n");
  });

  it("writes nothing of no records", async () => {
    expect(await exportText(createTextExporter(), [])).to.equal("");
  });

  it("writes each page before it reads the next, and ends the reading when it is left", async () => {
    let read = 0;
    let ended = false;
    async function* records(): AsyncGenerator<ResultRecord> {
      try {
        for (const record of documentOf(["a", "b", "c"])) {
          read++;
          yield record;
        }
      } finally {
        ended = true;
      }
    }
    for await (const part of createTextExporter().export(records())) {
      expect(part).to.equal("a\n");
      break;
    }
    expect({ read, ended }).to.eql({ read: 1, ended: true });
  });
});
