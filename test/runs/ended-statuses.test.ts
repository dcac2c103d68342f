import { expect } from "chai";
import { EndedStatuses } from "../../src/runs/ended-statuses.ts";

const uri = "gs://in/doc.pdf";
const response = { labelAnnotations: [] };
const none = { succeeded: 0, partial: 0, failed: 0, missing: 0, notSubmitted: 0, retried: 0 };

describe("EndedStatuses", () => {
  it("tells records as they are read where no outcome is given", () => {
    const record = { status: "succeeded", index: 0, uri, response } as const;
    expect(new EndedStatuses(undefined, undefined).tell<"v1">(record)).to.equal(record);
  });

  it("leaves out what a later chunk tells of", () => {
    const outcome = { counts: { ...none, failed: 1, retried: 1 }, statuses: Uint8Array.of(5, 2) };
    const statuses = new EndedStatuses(outcome, undefined);
    const error = { code: "UNKNOWN", message: "", details: [] } as const;
    expect(statuses.tell({ status: "failed", index: 0, uri, error })).to.equal(undefined);
    expect(statuses.tell({ status: "failed", index: 1, uri, error })).to.include({ index: 1 });
  });

  it("tells once of a file whose pages were written too late, and why", () => {
    const error = new Error("given up");
    const statuses = new EndedStatuses({ counts: { ...none, missing: 1 } }, error);
    const pages = [1, 2].map((page) =>
      statuses.tell<"v1">({ status: "succeeded", index: 0, uri, page, response }),
    );
    expect(pages).to.deep.equal([{ status: "missing", index: 0, uri, error }, undefined]);
  });
});
