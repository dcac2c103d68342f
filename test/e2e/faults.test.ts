import { expect } from "chai";
import { codeNumbers } from "../../src/errors/index.ts";
import type { Cell, LeftOut } from "../../scripts/faults/cell.ts";
import { faults, unstruck } from "../../scripts/faults/faults.ts";
import { breaksOf, contradicts } from "../../scripts/faults/invariants.ts";
import { runMatrix } from "../../scripts/faults/matrix.ts";
import { renderMatrix } from "../../scripts/faults/table.ts";

/** The codes of the reduced matrix: a refusal, one that tells nothing, one that does not pass. */
const codes = [undefined, "NOT_FOUND", "UNAVAILABLE", "DATA_LOSS"];
const methods = ["AsyncBatchAnnotateImages", "DeleteProduct", "GetOperation", "WaitOperation"];

describe("the matrix of faults", () => {
  const cells: Cell[] = [];
  const leftOut: LeftOut[] = [];

  before(async () => {
    const some = faults.filter(({ code }) => codes.includes(code));
    for await (const each of runMatrix({ methods, faults: some })) {
      if ("why" in each) leftOut.push(each);
      else cells.push(each);
    }
  });

  it("has every code before and after acceptance, and every drop", () => {
    const statuses = faults.filter(({ code }) => code !== undefined);
    expect(statuses).to.have.length(2 * (Object.keys(codeNumbers).length - 1));
    const others = faults.filter((fault) => !statuses.includes(fault)).map(({ place }) => place);
    expect(others).to.deep.equal([
      "none",
      "connection refused",
      "dropped before headers, before acceptance",
      "dropped mid-response, before acceptance",
      "dropped before headers, after acceptance",
      "dropped mid-response, after acceptance",
      "dropped after the response",
    ]);
  });

  it("is run over both transports, and says what is left out", () => {
    expect(cells).to.have.length((2 * methods.length - 1) * (faults.length - 2 * 13));
    expect(leftOut).to.deep.equal([
      { transport: "rest", method: "WaitOperation", why: "which has no URL for it" },
    ]);
  });

  it("breaks no promise", () => {
    const broken = cells.flatMap((cell) => breaksOf(cell).map((text) => ({ text, cell })));
    expect(broken).to.deep.equal([]);
  });

  const seenBy = (method: string, place: string, code?: string): readonly unknown[] =>
    cells
      .filter((cell) => cell.method === method && cell.fault.place === place)
      .filter((cell) => cell.fault.code === code)
      .map(({ seen, sent, accepted }) => ({ ...seen, sent, accepted }));
  const twice = (seen: object): readonly object[] => [seen, seen];

  it("shows a submit sent once, whatever became of it", () => {
    const method = "AsyncBatchAnnotateImages";
    const error = { kind: "error", name: "SubmitError", code: "UNAVAILABLE" };
    const unknown = { ...error, outcome: "unknown", sent: 1 };
    expect(seenBy(method, "status before acceptance", "NOT_FOUND")).to.deep.equal(
      twice({ ...error, code: "NOT_FOUND", outcome: "rejected", sent: 1, accepted: 0 }),
    );
    expect(seenBy(method, "status after acceptance", "UNAVAILABLE")).to.deep.equal(
      twice({ ...unknown, accepted: 1 }),
    );
    for (const [moment, accepted] of [
      ["before acceptance", 0],
      ["after acceptance", 1],
    ] as const) {
      for (const drop of ["dropped before headers", "dropped mid-response"]) {
        const seen = seenBy(method, `${drop}, ${moment}`);
        expect(seen, drop).to.deep.equal(twice({ ...unknown, accepted }));
      }
    }
    expect(seenBy(method, "connection refused")).to.deep.equal(
      twice({ ...error, outcome: "rejected", sent: 0, accepted: 0 }),
    );
    expect(seenBy(method, "dropped after the response")).to.deep.equal(
      twice({ kind: "ok", sent: 1, accepted: 1 }),
    );
  });

  it("shows what is free to repeat repeated until it is done", () => {
    for (const place of [
      "dropped before headers, after acceptance",
      "dropped mid-response, after acceptance",
    ]) {
      expect(seenBy("DeleteProduct", place)).to.deep.equal(
        twice({ kind: "ok", sent: 2, accepted: 1 }),
      );
    }
  });

  it("is told as a table, with what is broken in it", () => {
    const [cell] = cells;
    if (cell === undefined) throw new Error("there is no cell");
    const text = renderMatrix([...cells, { ...cell, method: "Sent", sent: 2 }], leftOut);
    expect(text).to.match(/^sent once: AsyncBatchAnnotateImages over grpc and rest$/m);
    expect(text).to.match(/^sent once: Sent over grpc$/m);
    expect(text).to.match(/^ {2}none +OK +2 +1 +BROKEN: sent 2 times$/m);
    expect(text).to.match(/DATA_LOSS +SubmitError, that code, unknown +1 +1$/m);
    expect(text).to.match(/^ {2}status after acceptance +NOT_FOUND .* \*$/m);
    expect(text).to.contain("left out: WaitOperation over rest, which has no URL for it");
  });
});

describe("breaksOf", () => {
  const refused = { kind: "error", name: "SubmitError", code: "UNAVAILABLE" } as const;
  const accepted = faults.find(
    ({ place, code }) => place === "status after acceptance" && code === "UNAVAILABLE",
  );
  const noServer = faults.find(({ isRefused }) => isRefused);
  const cell: Cell = {
    transport: "grpc",
    method: "AsyncBatchAnnotateImages",
    policy: "submit",
    fault: accepted ?? unstruck,
    seen: { ...refused, outcome: "unknown" },
    sent: 1,
    accepted: 1,
  };
  const read = { policy: "read", method: "DeleteProduct" } as const;
  const readError = { kind: "error", name: "RpcError", code: "NOT_FOUND" } as const;

  it("finds nothing wrong with a promise that is kept", () => {
    expect(breaksOf(cell)).to.deep.equal([]);
  });

  const broken: readonly [string, Partial<Cell>, RegExp][] = [
    ["a submit that is sent twice", { sent: 2 }, /sent 2 times/],
    ["a submit that is accepted twice", { sent: 2, accepted: 2 }, /accepted 2 times/],
    ["a poll that is sent twice", { policy: "poll", seen: { kind: "ok" }, sent: 2 }, /sent 2/],
    [
      "a submit that is called rejected and was accepted",
      { seen: { ...refused, outcome: "rejected" } },
      /called rejected/,
    ],
    [
      "a submit that is called unknown and cannot have left",
      { fault: noServer ?? unstruck, sent: 0, accepted: 0 },
      /cannot have left/,
    ],
    ["an answer that is hidden", { fault: unstruck }, /hidden/],
    ["an OK of nothing", { seen: { kind: "ok" }, accepted: 0 }, /nothing was accepted/],
    ["a caller that hangs", { seen: { kind: "hangs" } }, /hangs/],
    ["an error of elsewhere", { seen: { kind: "error", name: "TypeError" } }, /TypeError/],
    ["a submit without an outcome", { seen: refused }, /no outcome/],
    [
      "an effect that is called failed after a repetition",
      { ...read, seen: readError, sent: 2 },
      /took effect/,
    ],
  ];
  for (const [what, change, says] of broken) {
    it(`finds ${what}`, () => {
      expect(breaksOf({ ...cell, ...change }).join("; ")).to.match(says);
    });
  }

  it("lets pass what contradicts the table of outcomes on purpose", () => {
    const fault = faults.find(
      ({ place, code }) => place === "status after acceptance" && code === "NOT_FOUND",
    );
    const seen = { ...refused, code: "NOT_FOUND", outcome: "rejected" } as const;
    const contrary: Cell = { ...cell, fault: fault ?? unstruck, seen };
    expect(contradicts(contrary)).to.equal(true);
    expect(breaksOf(contrary)).to.deep.equal([]);
    expect(contradicts(cell)).to.equal(false);
  });
});
