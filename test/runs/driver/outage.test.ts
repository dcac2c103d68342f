import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { expect } from "chai";
import {
  createCloudStorageStore,
  openRuns,
  VisionBatchClient,
  type Run,
} from "../../../src/index.ts";
import { Outage } from "../../../src/runs/driver/outage.ts";
import { silentLogger } from "../../../src/transport/index.ts";
import { fastClock } from "../fast-clock.ts";
import { request, RunsFixture } from "../runs-fixture.ts";
import { until } from "../../fixtures/emulator.ts";

const minute = 60_000;

/** A way to a server that can be cut and mended. */
class Relay {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(target: string) {
    this.#target = Number(target.split(":").at(-1));
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async mend(): Promise<void> {
    this.#server = createServer((near) => {
      const far = connect(this.#target, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.once("close", () => this.#sockets.delete(socket)).on("error", () => near.destroy());
      }
      near.pipe(far).pipe(near);
    }).listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

async function eventTypes(run: Run): Promise<Map<string, number>> {
  const types = new Map<string, number>();
  for await (const { type } of run.events()) types.set(type, (types.get(type) ?? 0) + 1);
  return types;
}

describe("a run whose service is not reached for a long time", () => {
  let fixture: RunsFixture;
  let relay: Relay;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    relay = new Relay(fixture.addresses.rest);
    await relay.mend();
  });

  afterEach(async () => {
    await fixture.close();
    await relay.cut();
  });

  it("keeps every chunk, tells why it waits, and goes on by itself when it is back", async () => {
    const clock = fastClock(1000);
    const { grpc, rest } = fixture.addresses;
    const emulator = { grpc, rest: relay.address };
    await using client = new VisionBatchClient({ transport: "rest", emulator });
    const store = createCloudStorageStore({ apiEndpoint: rest });
    const journal = fixture.journal;
    await using runs = await openRuns({ journal, client, clock, store, leaseMs: 60 * minute });
    await using other = await fixture.open();
    await relay.cut();
    const run = await runs.start(request(30));
    const since = clock.now();
    await until(() => clock.now() > since + 30 * minute);
    const snapshot = await run.snapshot();
    // One may be trying at this moment.
    const { planned, submitting } = snapshot.chunks;
    expect(planned + submitting).to.equal(3);
    expect(snapshot.problem?.error).to.have.property("code", "UNAVAILABLE");
    expect(snapshot.problem?.sinceMs).to.be.within(since, since + 5 * minute);
    const seenElsewhere = await (await other.get("scans"))?.snapshot();
    expect(seenElsewhere?.problem).to.deep.equal(snapshot.problem);
    expect(snapshot.submits.rejected, "tries of half an hour").to.be.within(3, 45);
    expect((await eventTypes(run)).get("unreachable"), "told once of each").to.be.within(1, 3);
    await relay.mend();
    const done = await run.wait();
    expect(done.inputs).to.include({ succeeded: 30 });
    expect(done).not.to.have.property("problem");
    expect([...fixture.accepted().values()]).to.deep.equal([1, 1, 1]);
  });

  it("sends again what may have been accepted, though nothing else is left that could find that it is back", async () => {
    const clock = fastClock(1000);
    const { grpc, rest } = fixture.addresses;
    const emulator = { grpc, rest: relay.address };
    await using client = new VisionBatchClient({ transport: "rest", emulator });
    const store = createCloudStorageStore({ apiEndpoint: rest });
    const { journal } = fixture;
    await using runs = await openRuns({ journal, client, clock, store, leaseMs: 60 * minute });
    const method = "AsyncBatchAnnotateImages";
    fixture.admin.setFaults([{ method, dropConnection: true, when: "beforeAcceptance", nth: 1 }]);
    const settings = { onUnknownSubmit: "resubmit", quarantineMs: minute } as const;
    const run = await runs.start(request(10, settings));
    await until(async () => (await run.snapshot()).chunks.unknown === 1);
    await relay.cut();
    const other = await runs.start(request(10, { id: "other" }));
    await until(async () => (await other.snapshot()).problem !== undefined);
    await runs.cancel("other");
    await other.wait();
    await relay.mend();
    expect((await run.wait()).inputs).to.include({ succeeded: 10 });
  });
});

describe("Outage", () => {
  const free = new AbortController().signal;
  let nowMs: number;
  /** Ends of the pauses that are waited for. */
  let sleeping: { readonly untilMs: number; readonly wake: () => void }[];
  let outage: Outage;

  beforeEach(() => {
    nowMs = 0;
    sleeping = [];
    const clock = {
      now: () => nowMs,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          sleeping.push({ untilMs: nowMs + ms, wake: resolve });
          signal?.addEventListener("abort", () => {
            reject(signal.reason as Error);
          });
        }),
    };
    outage = new Outage({ clock, logger: silentLogger });
  });

  async function passTo(timeMs: number): Promise<void> {
    nowMs = timeMs;
    for (const { untilMs, wake } of sleeping) if (untilMs <= nowMs) wake();
    sleeping = sleeping.filter(({ untilMs }) => untilMs > nowMs);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Counts those that were let through. */
  function enter(count: number): { passed: number } {
    const counter = { passed: 0 };
    for (let index = 0; index < count; index++)
      void outage.passed(free).then(() => counter.passed++);
    return counter;
  }

  it("lets one through after each pause, and all of them once the service has answered", async () => {
    outage.failed(new Error("no connection"));
    const counter = enter(4);
    await passTo(1000);
    expect(counter.passed).to.equal(0);
    await passTo(2000);
    expect(counter.passed).to.equal(1);
    await passTo(2001);
    expect(counter.passed).to.equal(1);
    await passTo(4001);
    expect(counter.passed).to.equal(2);
    outage.ended();
    await passTo(4002);
    expect(counter.passed).to.equal(4);
  });

  it("pauses a minute at most, however long nothing is reached, and tries at once when it is told to", async () => {
    for (let failure = 0; failure < 500; failure++) outage.failed(new Error("no connection"));
    const counter = enter(2);
    await passTo(30_000);
    expect(counter.passed).to.equal(0);
    await passTo(minute);
    expect(counter.passed).to.equal(1);
    outage.retryNow();
    await passTo(minute + 1);
    expect(counter.passed).to.equal(2);
  });
});
