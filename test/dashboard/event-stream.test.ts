import { expect } from "chai";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Runs } from "../../src/index.ts";
import { Board } from "../../src/dashboard/board.ts";
import { EventStream } from "../../src/dashboard/event-stream.ts";
import { LiveBoard } from "../../src/dashboard/live-board.ts";
import { until } from "../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";
import { ManualClock } from "./manual-clock.ts";

/** Takes what is written, and has no room for more until a test says so. */
class FullResponse extends ServerResponse {
  readonly parts: string[] = [];
  isFull = false;

  override write(part: unknown): boolean {
    this.parts.push(String(part));
    return !this.isFull;
  }
}

describe("EventStream", () => {
  let fixture: RunsFixture;
  let runs: Runs;
  let clock: ManualClock;
  let response: FullResponse;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    runs = await fixture.open({ drive: false });
    await runs.start(request(10));
    clock = new ManualClock();
    response = new FullResponse(new IncomingMessage(new Socket()));
    const board = new Board(runs, { readOnly: false, worker: undefined });
    new EventStream(new LiveBoard(board, clock), response, undefined).start();
    await until(() => response.parts.some((part) => part.startsWith("event: throughput")));
    await until(() => clock.sleeping === 2);
  });

  afterEach(async () => {
    response.destroy();
    response.emit("close");
    await fixture.close();
  });

  async function second(): Promise<void> {
    clock.pass(1000);
    await until(() => clock.sleeping === 2 || response.destroyed);
  }

  it("adds nothing to what a slow page has not read, and tells it the newest then", async () => {
    response.isFull = true;
    await runs.pause("scans");
    await second();
    const { length } = response.parts;
    for (let time = 0; time < 5; time += 1) {
      await runs.resume("scans");
      await second();
      await runs.pause("scans");
      await second();
    }
    clock.pass(15_000);
    expect(response.parts).to.have.length(length);
    response.isFull = false;
    await runs.resume("scans");
    await second();
    response.emit("drain");
    const told = response.parts.slice(length).filter((part) => part.startsWith("event: runs"));
    expect(told).to.have.length(1);
    expect(told[0]).to.contain('"state":"running"');
  });

  it("lets go of a page that reads nothing for long", async () => {
    response.isFull = true;
    await runs.pause("scans");
    await second();
    expect(response.destroyed).to.equal(false);
    clock.pass(31_000);
    await until(() => response.destroyed);
  });
});
