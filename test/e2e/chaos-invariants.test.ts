import { expect } from "chai";
import type { ChunkEvidence, Evidence } from "../../scripts/chaos/evidence.ts";
import type { DeliveredRecord } from "../../scripts/chaos/delivered.ts";
import { undelivered } from "../../scripts/chaos/invariants/delivered.ts";
import { checkUnchanged } from "../../scripts/chaos/invariants/fences.ts";
import { takeoversOf } from "../../scripts/chaos/invariants/takeovers.ts";
import { judge } from "../../scripts/chaos/judge.ts";
import { planScenario } from "../../scripts/chaos/scenario.ts";
import { describeTrail } from "../../scripts/chaos/trail.ts";

const prefix = "gs://out/results/chaos/000000/1/";
const uri = "gs://inputs/0.png";
const operationName = "projects/emulator/operations/1";
const none = { succeeded: 0, partial: 0, failed: 0, missing: 0, notSubmitted: 0 };
const labelAnnotations = [{ description: "cat", score: 0.5 }];

const submit: Evidence["submits"][number] = {
  ...{ method: "AsyncBatchAnnotateImages", version: "v1", transport: "grpc", operationName },
  ...{ time: "2026-01-01T00:00:00Z", inputCount: 1, outputPrefixes: [prefix], fingerprint: "f" },
};

const base = { run: 1, chunk: 0, atMs: 1, worker: "a", fence: 1, attempt: 1 };
const events = ["submitting", "accepted", "operationEnded", "ended"].map((type, index) => ({
  ...{ ...base, id: index + 1, type },
}));

const attempt: ChunkEvidence["attempts"][number] = {
  ...{ run: 1, number: 0, attempt: 1, prefix, fingerprint: "f", intentMs: 1, size: 1 },
  ...{ worker: "a", fence: 1, outcome: "accepted", settledMs: 2 },
};

const chunk: ChunkEvidence = {
  chunk: {
    ...{ run: 1, number: 0, kind: "image", size: 1, round: 0, fence: 1, attempt: 1, polls: 1 },
    ...{ state: "done", memo: {}, counts: { ...none, succeeded: 1, retried: 0 } },
  },
  inputs: [{ index: 0, uri, customId: "image 0" }],
  ...{ attempts: [attempt], events },
};

const zero = { planned: 0, submitting: 0, unknown: 0, running: 0, collecting: 0 };
const good: Evidence = {
  ...{ images: 1, submits: [submit], chunks: [chunk], runEvents: [] },
  written: new Map([
    [prefix, { responses: new Map([[0, { labelAnnotations, context: { uri } }]]), cut: new Set() }],
  ]),
  snapshot: {
    ...{ id: "chaos", state: "done", atMs: 3, createdMs: 0, retries: 0, polls: 1, undecided: 0 },
    inputs: { ...none, succeeded: 1, open: 0, total: 1 },
    chunks: { ...zero, done: 1, failed: 0, cancelled: 0, total: 1 },
    submits: { accepted: 1, rejected: 0, unknown: 0, pending: 0 },
    cost: { currency: "USD", amount: 0, units: {} },
    perhapsCost: { currency: "USD", amount: 0, units: {} },
  } as unknown as Evidence["snapshot"],
  records: [
    {
      ...{ status: "succeeded", index: 0, uri, customId: "image 0" },
      response: { labelAnnotations },
    },
  ],
};

const withChunk = (changes: Partial<ChunkEvidence>): Evidence => ({
  ...good,
  chunks: [{ ...chunk, ...changes }],
});
const second = { ...submit, operationName: "projects/emulator/operations/2" };
const other = { ...submit, outputPrefixes: ["gs://out/results/chaos/000000/2/"] };
const next = { ...attempt, attempt: 2, prefix: other.outputPrefixes[0] ?? "" };
const record = good.records[0] as Evidence["records"][number];
const lacking = { index: 0, uri, customId: "image 0" };
const missing = { status: "missing", ...lacking } as const;
const notSubmitted = { status: "notSubmitted", ...lacking } as const;
const event = (id: number, changes: object) => ({ ...base, id, type: "submitting", ...changes });
const noOutput = new Map([[prefix, { responses: new Map(), cut: new Set<number>() }]]);

const line: DeliveredRecord = { ...lacking, status: "succeeded", response: { labelAnnotations } };
const shared: Evidence = { ...good, delivered: new Map([[0, [line]]]), killed: [] };
const withLines = (...lines: (DeliveredRecord | undefined)[]): Evidence => ({
  ...shared,
  delivered: new Map([[0, lines]]),
});
const killed = [{ worker: "a", atMs: 1000 }];
const takenOver = (atMs: number): Evidence => ({
  ...shared,
  ...withChunk({
    events: [
      event(0, {}),
      event(1, { type: "takenOver", fence: 2, worker: "b", atMs, data: { from: "a" } }),
      ...events.slice(1).map((each) => ({ ...each, fence: 2, worker: "b" })),
    ],
  }),
  killed,
});
const once = "each result is delivered once";

const bad: readonly (readonly [string, Evidence, string])[] = [
  ["an attempt accepted twice", { ...good, submits: [submit, second] }, "an attempt is sent once"],
  [
    "a chunk accepted twice without a decision",
    { ...withChunk({ attempts: [attempt, next] }), submits: [submit, other] },
    "accepted at most once, and once more for each decision to resubmit",
  ],
  [
    "a submit without an intent",
    { ...good, submits: [submit, other] },
    "an intent is written before the submit",
  ],
  [
    "a rejected attempt that was accepted",
    withChunk({ attempts: [{ ...attempt, outcome: "rejected" }] }),
    "what counts as rejected was not accepted",
  ],
  [
    "an accepted attempt that was not",
    { ...good, submits: [] },
    "what counts as accepted was accepted",
  ],
  [
    "an operation of another attempt",
    withChunk({ attempts: [{ ...attempt, operation: { name: "other" } as never }] }),
    "the operation is that of the attempt",
  ],
  [
    "a request of another size",
    { ...good, submits: [{ ...submit, inputCount: 2 }] },
    "a request sends its chunk",
  ],
  [
    "a write after the claim was lost",
    withChunk({ events: [event(1, { fence: 2, worker: "b" }), ...events.slice(1)] }),
    "who lost its claim writes nothing",
  ],
  [
    "a claim of two workers",
    withChunk({ events: [event(1, { worker: "b" }), ...events.slice(1)] }),
    "a claim has one holder",
  ],
  [
    "an event after the end",
    withChunk({ events: [...events, event(9, { type: "accepted" })] }),
    "a chunk ends once, and nothing happens to it afterwards",
  ],
  [
    "an attempt without an intent",
    withChunk({ events: events.slice(1) }),
    "an attempt begins with its intent",
  ],
  [
    "a second submit that nobody decided",
    withChunk({ events: [event(0, {}), ...events], attempts: [attempt, next] }),
    "only what was rejected is sent again without a decision",
  ],
  [
    "a submit after a cancel",
    {
      ...good,
      runEvents: [{ id: 0, run: 1, atMs: 1, type: "state", data: { state: "cancelling" } }],
    },
    "nothing is submitted after a cancel",
  ],
  [
    "a run that goes on after a cancel",
    {
      ...good,
      runEvents: [{ id: 9, run: 1, atMs: 1, type: "state", data: { state: "cancelling" } }],
    },
    "a run that is cancelled ends so",
  ],
  ["an input that nobody tells of", { ...good, records: [] }, "every input is told of once"],
  [
    "an input under another name",
    { ...good, records: [{ ...record, customId: "image 1" }] },
    "every input is told of once",
  ],
  [
    "an input that is told of twice",
    { ...good, records: [record, record] },
    "every input is told of once",
  ],
  [
    "counts that do not add up",
    { ...good, snapshot: { ...good.snapshot, inputs: { ...good.snapshot.inputs, open: 1 } } },
    "counts add up to the inputs",
  ],
  [
    "results other than the counts",
    { ...good, records: [missing], written: noOutput },
    "a chunk's counts are those of its results",
  ],
  ["a chunk of which the sink has nothing", { ...shared, delivered: new Map() }, once],
  ["a record that the sink lacks", withLines(), once],
  ["a record that the sink has twice", withLines(line, line), once],
  ["a record of the sink that is cut off", withLines(line, undefined), once],
  ["a record of another chunk in the sink", withLines(line, { ...line, index: 1 }), once],
  ["another result in the sink", withLines({ ...line, status: "missing" }), once],
  [
    "a chunk in the sink that there is not",
    {
      ...shared,
      delivered: new Map([
        [0, [line]],
        [7, []],
      ]),
    },
    once,
  ],
  [
    "a chunk of a killed worker that waits",
    takenOver(31_001),
    "a chunk of a killed worker goes on within 30 s",
  ],
  [
    "an event that is ten minutes late",
    { ...shared, span: { fromMs: -700_000, toMs: -600_000 } },
    "workers go by the time of the database",
  ],
  [
    "an event that is ten minutes early",
    { ...shared, span: { fromMs: 600_000, toMs: 700_000 } },
    "workers go by the time of the database",
  ],
  ["a lost result", { ...good, records: [missing] }, "results are what the service wrote"],
  [
    "a result that nobody wrote",
    { ...good, written: noOutput },
    "results are what the service wrote",
  ],
  [
    "an accepted input that counts as not submitted",
    { ...good, records: [notSubmitted] },
    "results are what the service wrote",
  ],
];

describe("the invariants of runs under chaos", () => {
  it("find nothing wrong with a run that is right", () => {
    expect(judge(good)).to.deep.equal([]);
  });

  for (const [name, evidence, invariant] of bad) {
    it(`find ${name}`, () => {
      const violations = judge(evidence);
      expect(violations.map((violation) => violation.invariant)).to.include(invariant);
      expect(describeTrail(violations, evidence)).to.be.a("string");
    });
  }

  it("find nothing wrong with what a sink has, nor with a killed worker whose chunk goes on", () => {
    expect(judge(shared)).to.deep.equal([]);
    expect(judge({ ...shared, span: { fromMs: 0, toMs: 1 } })).to.deep.equal([]);
    expect(judge(takenOver(30_999))).to.deep.equal([]);
    expect(takeoversOf(takenOver(30_999))).to.deep.equal([{ chunk: 0, worker: "a", ms: 29_999 }]);
    expect(takeoversOf(takenOver(999))).to.deep.equal([]);
  });

  it("ask nothing of a sink about what a cancel ended before it was tried", () => {
    const untried = { ...chunk.chunk, state: "cancelled", attempt: 0 } as const;
    expect(undelivered([{ chunk: untried }], new Map())).to.deep.equal([]);
    expect(undelivered([{ chunk: { ...untried, attempt: 1 } }], new Map())).to.deep.equal([0]);
    expect(undelivered([chunk], new Map([[0, [line]]]))).to.deep.equal([]);
  });

  it("find a worker that comes back and changes something, but for the name of an operation", () => {
    const named = { ...attempt, operation: { name: operationName } as never };
    const found = { ...chunk, attempts: [named], events: [...events] };
    found.events.push(event(9, { type: "operationFound" }));
    expect(checkUnchanged([chunk], [found])).to.deep.equal([]);
    const changed = { ...chunk, chunk: { ...chunk.chunk, polls: 2 } };
    expect(checkUnchanged([chunk], [changed])).to.have.length(1);
    expect(checkUnchanged([chunk], [])).to.have.length(1);
  });

  it("show the trail of what they are about", () => {
    const trail = describeTrail([{ invariant: "x", message: "y", chunk: 0 }], good);
    expect(trail).to.contain("chunk 0: done").and.to.contain("operationEnded");
    expect(trail).to.contain(`accepted by the service at ${submit.time}: ${prefix}`);
  });

  it("are tried on the same scenario for the same seed", () => {
    const size = { images: 600, chunks: 12 };
    expect(planScenario(7, size)).to.deep.equal(planScenario(7, size));
    expect(planScenario(7, size)).to.not.deep.equal(planScenario(8, size));
  });
});
