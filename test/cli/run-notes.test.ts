import { expect } from "chai";
import { RunNotes } from "../../src/cli/run-notes.ts";
import type { Progress } from "../../src/cli/render/progress.ts";
import type { EventRecord, RunEventsOptions } from "../../src/index.ts";

/** A run to which things happen. */
class Happening {
  readonly #events: EventRecord[] = [];
  readonly asked: RunEventsOptions[] = [];

  add(type: string, chunk: number, data = {}): void {
    const id = this.#events.length + 1;
    this.#events.push({ id, run: 1, chunk, atMs: id, type, data });
  }

  async *events(options: RunEventsOptions = {}): AsyncGenerator<EventRecord, void, void> {
    this.asked.push(options);
    const { after = 0, sinceMs = 0 } = options;
    for (const event of this.#events) {
      if (event.id > after && event.atMs >= sinceMs) yield event;
      await Promise.resolve();
    }
  }
}

describe("RunNotes", () => {
  let run: Happening;
  let notes: RunNotes;
  let told: string[];

  beforeEach(() => {
    run = new Happening();
    told = [];
    const note = (line: string) => void told.push(line);
    const progress: Progress = {
      note,
      update() {},
      above: (write) => write(),
      pause() {},
      resume() {},
      stop() {},
    };
    notes = new RunNotes(run, progress, { sinceMs: 2, show: "SHOW" });
  });

  it("tell of what must not be missed, since they are there and once each", async () => {
    run.add("submitUnknown", 0, { code: "UNAVAILABLE" });
    run.add("accepted", 1, { operation: "o" });
    run.add("graceOver", 1, { shards: 2 });
    await notes.tell();
    await notes.tell();
    expect(told).to.deep.equal(["chunk 1: no more shards came, 2 in all"]);
    expect(run.asked).to.deep.equal([
      { sinceMs: 2, after: undefined },
      { sinceMs: 2, after: 3 },
    ]);
  });

  it("tell of the first of a kind, and where the others are", async () => {
    for (let chunk = 0; chunk < 9; chunk++) run.add("graceOver", chunk, { shards: 2 });
    await notes.tell();
    expect(told).to.have.length(6);
    expect(told.at(-1)).to.equal("more of this: SHOW");
  });

  it("tell once that the service is not reached, and once that it is again", async () => {
    const unreachable = { code: "UNAVAILABLE" };
    for (const chunk of [1, 2, 3]) run.add("unreachable", chunk, unreachable);
    await notes.tell();
    run.add("accepted", 1, { operation: "o" });
    run.add("reachable", 2);
    run.add("unreachable", 4, unreachable);
    await notes.tell();
    const lost =
      "nothing reaches the service (UNAVAILABLE): what is to be submitted waits until something does";
    expect(told).to.deep.equal([lost, "the service is reached again", lost]);
  });
});
