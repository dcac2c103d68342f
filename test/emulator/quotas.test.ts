import { expect } from "chai";
import { imagesRequest, TestEmulator, until } from "../fixtures/emulator.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";

describe("the request quota of the emulator", () => {
  const clock = new FakeClock();
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start({ clock, quotas: { requestsPerMinute: 2 } });
  });
  after(() => running.close());

  it("refuses the call above it and tells when to come back", async () => {
    await running.submit(imagesRequest(1));
    await clock.advance(20_000);
    await running.submit(imagesRequest(1));
    const { code, details } = await running.call("AsyncBatchAnnotateImages", imagesRequest(1));
    expect(code).to.equal("RESOURCE_EXHAUSTED");
    const byType = new Map(details.map((detail) => [detail["@type"], detail]));
    expect(byType.get("type.googleapis.com/google.rpc.RetryInfo")).to.deep.include({
      retryDelay: { seconds: "40", nanos: 0 },
    });
    expect(byType.get("type.googleapis.com/google.rpc.ErrorInfo")).to.include({
      reason: "RATE_LIMIT_EXCEEDED",
      domain: "googleapis.com",
    });
    expect(byType.get("type.googleapis.com/google.rpc.QuotaFailure")).to.have.property(
      "violations",
    );
    expect(running.emulator.admin.submits()).to.have.length(2);
  });

  it("answers 429 over REST, and does not count operations", async () => {
    expect((await running.rest("POST", "/v1/images:annotate", {})).status).to.equal(429);
    expect((await running.rest("GET", "/v1/operations")).status).to.equal(200);
  });

  it("lets calls through again when a minute has passed", async () => {
    await clock.advance(40_000);
    await running.submit(imagesRequest(1));
    const { code } = await running.call("AsyncBatchAnnotateImages", imagesRequest(1));
    expect(code).to.equal("RESOURCE_EXHAUSTED");
  });
});

describe("the processing quota of the emulator", () => {
  const clock = new FakeClock();
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start({
      clock,
      processingMsPerImage: 10,
      quotas: { imagesInProcessing: 5 },
    });
  });
  afterEach(() => running.emulator.admin.reset());
  after(() => running.close());

  const states = (): readonly string[] =>
    running.emulator.admin
      .operations()
      .map(({ state }) => state)
      .reverse();

  it("lets operations above it wait in state CREATED, in order", async () => {
    for (const count of [3, 3, 2]) await running.submit(imagesRequest(count));
    await until(() => clock.pending === 1);
    expect(states()).to.deep.equal(["RUNNING", "CREATED", "CREATED"]);
    await clock.advance(30);
    await until(() => clock.pending === 2);
    expect(states()).to.deep.equal(["DONE", "RUNNING", "RUNNING"]);
    await clock.advance(30);
    await until(() => states().every((state) => state === "DONE"));
  });

  it("runs what is larger than it alone", async () => {
    await running.submit(imagesRequest(9));
    await until(() => states().join() === "RUNNING");
    await clock.advance(90);
    await until(() => states().join() === "DONE");
  });

  it("cancels an operation that waits, and lets the next one in", async () => {
    for (const count of [5, 5, 5]) await running.submit(imagesRequest(count));
    await until(() => clock.pending === 1);
    const [third, second] = running.emulator.admin.operations();
    await running.operations("CancelOperation", { name: second?.name });
    await until(() => states().join() === "RUNNING,CANCELLED,CREATED");
    await clock.advance(50);
    await until(() => states().join() === "DONE,CANCELLED,RUNNING");
    expect(third?.state).to.equal("CREATED");
  });
});
