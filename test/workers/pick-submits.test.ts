import { expect } from "chai";
import { pickSubmits } from "../../src/workers/pick-submits.ts";
import type { PlannedChunk, Survey } from "../../src/runs/journal/postgres/survey-store.ts";

type Candidates = Parameters<typeof pickSubmits>[0];

describe("pickSubmits", () => {
  const options = { nowMs: 1e12, most: 100 };

  function planned(run: number, count: number, more: Partial<PlannedChunk> = {}): PlannedChunk[] {
    return Array.from({ length: count }, (_, number) => ({
      ...{ run, number, state: "planned", fence: 0, dueMs: 0, kind: "image", size: 2000 },
      ...{ scope: "", settings: {}, ...more },
    }));
  }

  function pick(candidates: Partial<Candidates>, most = options.most): string[] {
    const survey = { planned: [], loads: [], flows: [], ...candidates };
    return pickSubmits(survey, { ...options, most }).map(({ run, number }) => `${run}/${number}`);
  }

  const load = (run: number, inputs: number): Survey["loads"][number] => ({
    ...{ run, inputs, scope: "", kind: "image" },
  });

  it("chooses what there is room for, the first chunks first", () => {
    expect(pick({ planned: planned(1, 9) })).to.deep.equal(["1/0", "1/1", "1/2", "1/3"]);
    const loads = [load(1, 6000)];
    expect(pick({ planned: planned(1, 9), loads })).to.deep.equal(["1/0"]);
    expect(pick({ planned: planned(1, 9), loads: [load(2, 8000)] })).to.be.empty;
  });

  it("lets one through that is larger than all room, when nothing else is in processing", () => {
    const settings = { limits: { maxImagesInProcessing: 10 } };
    expect(pick({ planned: planned(1, 3, { settings }) })).to.deep.equal(["1/0"]);
  });

  it("chooses by turns of the run that has the least", () => {
    const chosen = pick({ planned: [...planned(1, 9), ...planned(2, 9)], loads: [load(1, 4000)] });
    expect(chosen).to.deep.equal(["2/0", "2/1"]);
    const both = pick({ planned: [...planned(1, 9), ...planned(2, 9)] });
    expect(both.filter((each) => each.startsWith("1/"))).to.have.length(2);
  });

  it("lets every run of many be the first at some time", () => {
    const firsts = new Set<string | undefined>();
    const runs = Array.from({ length: 10 }, (_, run) => planned(run, 1)).flat();
    for (let round = 0; round < 200; round++) {
      const survey = { planned: runs, loads: [], flows: [] };
      const [first] = pickSubmits(survey, { nowMs: 1e12 + round * 10_000, most: 1 });
      firsts.add(String(first?.run));
    }
    expect(firsts).to.have.property("size", 10);
  });

  it("chooses those of the highest priority before all others", () => {
    const urgent = planned(2, 3, { settings: { priority: 5 } });
    const chosen = pick({ planned: [...planned(1, 9), ...urgent], loads: [load(2, 1000)] });
    expect(chosen).to.deep.equal(["2/0", "2/1", "2/2"]);
  });

  it("counts scopes and kinds apart", () => {
    const chunks = [
      ...planned(1, 9, { scope: "other" }),
      ...planned(2, 9, { kind: "file", size: 100 }),
    ];
    const chosen = pick({ planned: chunks, loads: [load(3, 8000)] });
    expect(chosen.filter((each) => each.startsWith("1/"))).to.have.length(4);
    expect(chosen.filter((each) => each.startsWith("2/"))).to.have.length(4);
  });

  it("chooses no more than have their turn within a second, and none while a scope is held back", () => {
    const settings = { limits: { maxImagesInProcessing: 1e9, requestsPerMinute: 300 } };
    const chunks = planned(1, 99, { settings });
    const flow = { scope: "", rate: 1, next_ms: 0, not_before_ms: 0 };
    expect(pick({ planned: chunks, flows: [flow] })).to.have.length(5);
    expect(pick({ planned: chunks, flows: [{ ...flow, rate: 0.2 }] })).to.have.length(1);
    const held = { ...flow, not_before_ms: options.nowMs + 60_000 };
    expect(pick({ planned: chunks, flows: [held] })).to.be.empty;
  });

  it("chooses so many at most", () => {
    expect(pick({ planned: planned(1, 9, { size: 1 }) }, 3)).to.have.length(3);
  });
});
