import { expect } from "chai";
import {
  createCloudStorageStore,
  InvalidRequestError,
  RunConflictError,
  RpcError,
  StorageError,
  type ObjectStore,
  type Run,
  type RunResultRecord,
} from "../../src/index.ts";
import { until } from "../fixtures/emulator.ts";
import { rejection } from "../fixtures/rejection.ts";
import { fastClock } from "./fast-clock.ts";
import { images, request, RunsFixture } from "./runs-fixture.ts";

const pdf = "%PDF-1.7 three pages";
const pages = {
  [pdf]: [1, 2, 3].map((page) => ({ fullTextAnnotation: { text: `page ${page}` } })),
};
const recordings = [
  { uri: "gs://inputs/bad*", response: { error: { code: 3, message: "Bad image data." } } },
  {
    uri: "gs://inputs/half*",
    response: { error: { code: 13, message: "Half." }, labelAnnotations: [{ description: "cat" }] },
  },
  { uri: "gs://inputs/*.png", response: { labelAnnotations: [{ description: "cat" }] } },
];

async function all(run: Run): Promise<RunResultRecord[]> {
  const records: RunResultRecord[] = [];
  for await (const record of run.results()) records.push(record);
  return records.sort((a, b) => a.index - b.index || (a.page ?? 0) - (b.page ?? 0));
}

async function eventTypes(run: Run, chunk?: number): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of run.events({ chunk })) types.push(type);
  return types;
}

describe("Runs", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start({ recordings });
  });

  afterEach(() => fixture.close());

  /** Every chunk was accepted once, and no more chunks than these. */
  function expectOnceEach(chunks: number): void {
    const accepted = fixture.accepted();
    expect([...accepted.keys()].sort((a, b) => a - b)).to.deep.equal([...Array(chunks).keys()]);
    expect([...accepted.values()]).to.deep.equal(Array(chunks).fill(1));
  }

  it("annotates images and files in one run and gives one record each, with its name, live and afterwards", async () => {
    await fixture.close();
    fixture = await RunsFixture.start({ recordings, pages });
    await fixture.test.put("gs://inputs/doc.pdf", pdf);
    for (const name of [...Array(15).keys(), "bad", "half"]) {
      await fixture.test.put(`gs://inputs/${name}.png`, "an image");
    }
    const runs = await fixture.open();
    const inputs = [
      ...images(15),
      { uri: "gs://inputs/doc.pdf", customId: "the document" },
      { uri: "gs://inputs/bad.png" },
      { uri: "gs://inputs/half.png", customId: "half" },
    ];
    const run = await runs.start(request(0, { inputs }));
    const live = await all(run);
    expect(
      live.map(({ index, customId, status, page }) => [index, customId, status, page]),
    ).to.deep.equal([
      ...Array.from({ length: 15 }, (_, index) => [
        index,
        `image ${index}`,
        "succeeded",
        undefined,
      ]),
      ...[1, 2, 3].map((page) => [15, "the document", "succeeded", page]),
      [16, undefined, "failed", undefined],
      [17, "half", "partial", undefined],
    ]);
    expect(await all(run)).to.deep.equal(live);
    const snapshot = await run.wait();
    expect(snapshot).to.deep.include({ state: "done", retries: 0, undecided: 0, workers: [] });
    expect(snapshot.units).to.equal(20);
    expect(snapshot.inputs).to.deep.equal({
      ...{ succeeded: 16, partial: 1, failed: 1, missing: 0, notSubmitted: 0, open: 0, total: 18 },
    });
    expectOnceEach(3);
    expect(await eventTypes(run, 0)).to.deep.equal([
      ...["submitting", "accepted", "operationEnded", "ended"],
    ]);
  });

  it("reads only what is asked of each response", async () => {
    const runs = await fixture.open();
    const run = await runs.start(request(3));
    for await (const record of run.results({ readMask: "fullTextAnnotation" })) {
      expect(record).to.have.property("response").that.has.all.keys("context");
    }
    const wrong = await rejection(run.results({ readMask: "labels" }).next());
    expect(wrong).to.have.property("name", "ReadMaskError");
  });

  it("goes on with a run that is started again, and refuses other inputs and options", async () => {
    const runs = await fixture.open();
    await (await runs.start(request(25))).wait();
    const again = await runs.start(request(25));
    expect((await again.wait()).state).to.equal("done");
    expectOnceEach(3);
    const other = await rejection(runs.start(request(25, { inputs: images(25, 1) })));
    expect(other).to.be.instanceOf(RunConflictError);
    const options = await rejection(runs.start(request(25, { features: ["TEXT_DETECTION"] })));
    expect((options as RunConflictError).differences).to.deep.equal([
      { field: "features[0].type", planned: "LABEL_DETECTION", given: "TEXT_DETECTION" },
    ]);
  });

  it("refuses wrong options and inputs before anything is sent", async () => {
    const runs = await fixture.open();
    const feature = "LABEL_DETECTON" as "LABEL_DETECTION";
    const options = await rejection(runs.start(request(1, { features: [feature] })));
    expect(options).to.be.instanceOf(InvalidRequestError);
    expect((options as InvalidRequestError).problems[0]?.field).to.equal("features[0].type");
    const inputs = await rejection(runs.start(request(0, { inputs: ["https://x/y.png"] })));
    expect((inputs as InvalidRequestError).problems[0]?.field).to.equal("inputs[0]");
    expect(await rejection(runs.start(request(1, { id: "../x" })))).to.be.instanceOf(
      InvalidRequestError,
    );
    expect(await runs.get("scans")).to.equal(undefined);
    expect(fixture.admin.submits()).to.deep.equal([]);
  });

  it("refuses an output that is not empty", async () => {
    await fixture.test.put("gs://out/results/scans/000000/1/output-1-to-2.json", "{}");
    const runs = await fixture.open();
    const error = await rejection(runs.start(request(1)));
    expect((error as Error).message).to.contain("gs://out/results/scans/ is not empty");
    expect(fixture.admin.submits()).to.deep.equal([]);
  });

  it("leaves nothing of its check of the output", async () => {
    const runs = await fixture.open();
    await (await runs.start(request(1))).wait();
    expect(await fixture.test.list("gs://out/results/scans")).to.deep.equal(["000000"]);
  });

  describe("unknown submits", () => {
    /** A dropped connection takes with it whatever else is being sent over it. */
    const oneAtATime = { maxSubmitting: 1 };
    const dropped = (when: "beforeAcceptance" | "afterAcceptance") => [
      {
        method: "AsyncBatchAnnotateImages",
        ...{ nth: 2, when, dropConnection: true },
      },
    ];

    it("are adopted by the list of operations", async () => {
      fixture.admin.setFaults(dropped("afterAcceptance"));
      const runs = await fixture.open(oneAtATime);
      const run = await runs.start(request(30));
      expect((await all(run)).map(({ status }) => status)).to.deep.equal(
        Array(30).fill("succeeded"),
      );
      expectOnceEach(3);
      const types = await eventTypes(run);
      expect(types).to.include("submitUnknown").and.include("adopted");
    });

    it("are adopted by their output where operations are not listed", async () => {
      await fixture.close();
      fixture = await RunsFixture.start({ recordings, listSupported: false });
      fixture.admin.setFaults(dropped("afterAcceptance"));
      const runs = await fixture.open(oneAtATime);
      const run = await runs.start(request(30));
      expect((await run.wait()).inputs.succeeded).to.equal(30);
      expectOnceEach(3);
      const adopted: unknown[] = [];
      for await (const { type, data } of run.events()) if (type === "adopted") adopted.push(data);
      // A connection that is dropped takes with it what else is on it.
      expect(adopted).to.have.length.of.at.least(1);
      for (const each of adopted) expect(each).to.include({ by: "output" });
    });

    it("wait for a decision, and are sent again or given up as it says", async () => {
      fixture.admin.setFaults(dropped("beforeAcceptance"));
      // A connection that is dropped takes with it what else is on it.
      const runs = await fixture.open({ maxSubmitting: 1 });
      const run = await runs.start(request(30, { quarantineMs: 10_000 }));
      const undecided = async () => (await run.snapshot()).undecided === 1;
      await until(undecided);
      const [number] = await undecidedChunks(run);
      await runs.decide({ id: run.id, chunk: number ?? -1 }, "resubmit", { by: "a person" });
      expect((await run.wait()).inputs.succeeded).to.equal(30);
      expectOnceEach(3);
      expect(await eventTypes(run, number)).to.include.members([
        ...["submitUnknown", "undecided", "decided", "resubmitting", "accepted"],
      ]);

      fixture.admin.setFaults([{ ...dropped("beforeAcceptance")[0], nth: 1 }]);
      const other = await runs.start(request(10, { id: "other", quarantineMs: 10_000 }));
      await until(async () => (await other.snapshot()).undecided === 1);
      await runs.decide({ id: "other", chunk: 0 }, "fail");
      const over = await other.wait();
      expect(over.state).to.equal("done");
      expect(over.inputs).to.include({ missing: 10, succeeded: 0 });
      const late = await rejection(runs.decide({ id: "other", chunk: 0 }, "fail"));
      expect((late as Error).message).to.contain("chunk 0 of run");
    });

    it("are sent again by policy, under another prefix", async () => {
      fixture.admin.setFaults(dropped("afterAcceptance").map((rule) => ({ ...rule, nth: 1 })));
      fixture.admin.holdOperations(true);
      const runs = await fixture.open();
      const how = { quarantineMs: 5_000, onUnknownSubmit: "resubmit" } as const;
      const run = await runs.start(request(10, how));
      await until(() => fixture.admin.submits().length === 2);
      fixture.admin.holdOperations(false);
      while (fixture.admin.releaseOperation());
      expect((await run.wait()).inputs.succeeded).to.equal(10);
      const prefixes = fixture.admin.submits().flatMap(({ outputPrefixes }) => outputPrefixes);
      expect(new Set(prefixes)).to.have.property("size", 2);
      expect(await eventTypes(run, 0)).to.include("resubmitting");
    });
  });

  it("slows down all submits when the quota is exhausted, and sends each chunk once", async () => {
    fixture.admin.setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        times: 3,
        status: { code: "RESOURCE_EXHAUSTED", message: "Quota exceeded." },
      },
    ]);
    const runs = await fixture.open();
    const run = await runs.start(request(50));
    expect((await run.wait()).submits).to.deep.include({ accepted: 5, rejected: 3 });
    expectOnceEach(5);
  });

  it("submits nothing while it is paused, and goes on when it is resumed", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const limits = { maxImagesInProcessing: 20 };
    const run = await runs.start(request(50, { limits }));
    await until(() => fixture.admin.submits().length === 2);
    expect((await runs.pause(run.id)).state).to.equal("paused");
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    await until(async () => (await run.snapshot()).chunks.done === 2);
    expect(fixture.admin.submits()).to.have.length(2);
    const paused = await run.snapshot();
    expect(paused.state).to.equal("paused");
    expect(paused.units).to.equal(20);
    const none = { submitting: 0, unknown: 0, running: 0, collecting: 0 };
    expect(paused.openInputs).to.deep.equal({ ...none, planned: 30 });
    await runs.resume(run.id);
    expect((await run.wait()).inputs.succeeded).to.equal(50);
    expectOnceEach(5);
  });

  it("cancels what runs, submits nothing more and says what became of each input", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const run = await runs.start(request(50, { limits: { maxImagesInProcessing: 20 } }));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    const over = await (await runs.cancel(run.id)).wait();
    expect(over).to.include({ state: "cancelled", retries: 0 });
    expect(over.inputs).to.deep.include({ missing: 20, notSubmitted: 30, open: 0 });
    expect(over.chunks.cancelled).to.equal(5);
    expect(fixture.admin.operations().map(({ state }) => state)).to.deep.equal(
      Array(2).fill("CANCELLED"),
    );
    const records = await all(run);
    expect(records.filter(({ status }) => status === "notSubmitted")).to.have.length(30);
    expect(records.filter(({ status }) => status === "missing")).to.have.length(20);
  });

  it("follows operations to their end where the service does not cancel them", async () => {
    await fixture.close();
    fixture = await RunsFixture.start({ recordings, cancelSupported: false });
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const run = await runs.start(request(10));
    await until(async () => (await run.snapshot()).chunks.running === 1);
    await runs.cancel(run.id);
    await until(async () => (await eventTypes(run, 0)).includes("cancelRefused"));
    fixture.admin.releaseOperation();
    const over = await run.wait();
    expect(over.inputs).to.include({ succeeded: 10 });
    expect(over).to.include({ state: "cancelled", retries: 0 });
  });

  it("sends again only what has no result, in new chunks, and tells of each input once", async () => {
    fixture.admin.setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        ...{ nth: 2, when: "operation", status: { code: "INTERNAL", message: "Broken." } },
      },
    ]);
    const runs = await fixture.open();
    const run = await runs.start(request(30, { graceMs: 10 }));
    const failed = await run.wait();
    expect(failed.inputs).to.include({ succeeded: 20, missing: 10 });
    expect(failed.chunks).to.include({ done: 2, failed: 1 });
    const retried = await runs.retryFailed(run.id);
    expect(retried).to.include({ inputs: 10, chunks: 1 });
    const over = await retried.run.wait();
    expect(over.inputs).to.include({ succeeded: 30, missing: 0, total: 30 });
    const records = await all(run);
    expect(records.map(({ index }) => index)).to.deep.equal([...Array(30).keys()]);
    expect(records.every(({ status }) => status === "succeeded")).to.equal(true);
    expectOnceEach(4);
    expect(await runs.retryFailed(run.id)).to.include({ inputs: 0, chunks: 0 });
  });

  it("tells why inputs have no result whose operation failed, as they come and afterwards", async () => {
    fixture.admin.setFaults([
      { when: "operation", status: { code: "INTERNAL", message: "Broken." } },
    ]);
    const run = await (await fixture.open()).start(request(10));
    for (const records of [await all(run), await all(run)]) {
      expect(records.map(({ status }) => status)).to.deep.equal(Array(10).fill("missing"));
      for (const record of records) {
        expect(record).to.have.nested.property("error.code", "INTERNAL");
        expect(record).to.have.nested.property("error.message").that.includes("Broken.");
      }
    }
  });

  it("stops with a clear error when a permission is lost, and goes on once it is back", async () => {
    fixture.admin.setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        nth: [3, 4, 5, 6, 7, 8],
        status: { code: "PERMISSION_DENIED", message: "The caller does not have permission." },
      },
    ]);
    const runs = await fixture.open();
    const run = await runs.start(request(50));
    const error = await rejection(run.wait());
    expect(error).to.be.instanceOf(RpcError).with.property("code", "PERMISSION_DENIED");
    expect(await rejection(all(run))).to.have.property("code", "PERMISSION_DENIED");
    expect((await run.snapshot()).state).to.equal("failed");
    fixture.admin.setFaults([]);
    const resumed = await runs.resume(run.id);
    expect((await resumed.wait()).inputs.succeeded).to.equal(50);
    expectOnceEach(5);
  });

  it("tries again at once what waits after failures when it is resumed", async () => {
    const method = "AsyncBatchAnnotateImages";
    const status = { code: "PERMISSION_DENIED", message: "not you" } as const;
    const faults = [1, 2, 3, 4].map((nth) => ({ method, nth, status }));
    fixture.admin.setFaults(faults);
    // A clock that runs as it does: nobody waits for the pauses, the last of which is 12 s at least.
    const runs = await fixture.open({ clock: fastClock(1) });
    const run = await runs.start(request(10));
    for (const _fault of faults) {
      expect(await rejection(run.wait())).to.have.property("code", "PERMISSION_DENIED");
      await runs.resume(run.id);
    }
    expect((await run.wait()).inputs.succeeded).to.equal(10);
    const times = new Map<string, number>();
    for await (const { type, atMs } of run.events()) times.set(type, atMs);
    const waitedMs = (times.get("accepted") ?? Infinity) - (times.get("rejected") ?? 0);
    expect(waitedMs).to.be.below(10_000);
  });

  it("stops with a clear error when results can no longer be read, and goes on once they can", async () => {
    const status = { code: "PERMISSION_DENIED", message: "no such right" } as const;
    const runs = await fixture.open();
    fixture.admin.holdOperations(true);
    const run = await runs.start(request(10));
    fixture.admin.setFaults([{ service: "storage", method: "objects.list", status }]);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    const error = await rejection(run.wait());
    expect(error).to.be.instanceOf(StorageError).with.property("reason", "permissionDenied");
    fixture.admin.setFaults([]);
    const resumed = await runs.resume(run.id);
    expect((await resumed.wait()).inputs.succeeded).to.equal(10);
    expectOnceEach(1);
  });

  it("stops as well when operations or their output may not be read any more", async () => {
    const denied = { code: "PERMISSION_DENIED", message: "Not any more." } as const;
    const runs = await fixture.open();
    fixture.admin.setFaults([
      { method: "GetOperation", status: denied },
      { method: "WaitOperation", status: denied },
    ]);
    const run = await runs.start(request(20));
    expect(await rejection(run.wait())).to.have.property("code", "PERMISSION_DENIED");
    fixture.admin.setFaults([{ method: "objects.list", status: denied }]);
    const resumed = await runs.resume(run.id);
    expect(await rejection(resumed.wait())).to.have.property("reason", "permissionDenied");
    fixture.admin.setFaults([]);
    expect((await (await runs.resume(run.id)).wait()).inputs.succeeded).to.equal(20);
    expectOnceEach(2);
  });

  it("finds a missing bucket before anything is sent", async () => {
    await fixture.close();
    fixture = await RunsFixture.start({ recordings, createBuckets: false });
    const runs = await fixture.open();
    const error = await rejection(runs.start(request(1)));
    expect(error).to.be.instanceOf(StorageError).with.property("reason", "notFound");
    expect(fixture.admin.submits()).to.deep.equal([]);
  });

  it("tells what a run would do without doing it", async () => {
    const runs = await fixture.open();
    const { id: _, ...plan } = request(2500, { inputs: [...images(2500), "gs://inputs/a.pdf"] });
    const estimate = await runs.plan({ ...plan, imagesPerChunk: 2000, pagesPerFile: 40 });
    expect(estimate).to.deep.include({ inputs: 2501, images: 2500, files: 1, requests: 3 });
    expect(estimate.shards).to.equal(100 + 25 + 2);
    expect(estimate.cost.amount).to.be.closeTo(((2540 - 1000) * 1.5) / 1000, 1e-9);
    expect(estimate.atLeastMs).to.equal(100);
    expect(await runs.get("scans")).to.equal(undefined);
    expect(fixture.admin.submits()).to.deep.equal([]);
  });

  it("forgets a run, and deletes what it wrote only when told to", async () => {
    const runs = await fixture.open();
    await (await runs.start(request(5))).wait();
    await (await runs.start(request(5, { id: "kept" }))).wait();
    expect(await runs.remove("kept")).to.deep.equal({ objects: 0 });
    expect(await runs.remove("scans", { objects: true })).to.deep.equal({ objects: 1 });
    expect(await fixture.test.list("gs://out/results/kept/000000/1")).to.have.length(1);
    const left: string[] = [];
    for await (const { id } of runs.list()) left.push(id);
    expect(left).to.deep.equal([]);
  });

  it("tells how far it has come, and what that cost", async () => {
    const runs = await fixture.open();
    const run = await runs.start(request(3000, { imagesPerChunk: 500 }));
    let last = 0;
    for await (const { inputs, chunks, state } of run.progress({ intervalMs: 100 })) {
      const { total, ...counts } = inputs;
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(total);
      expect(total - inputs.open).to.be.at.least(last);
      last = total - inputs.open;
      if (state === "done") expect(chunks.done).to.equal(6);
    }
    expect(last).to.equal(3000);
    const { cost, submits } = await run.snapshot();
    expect(submits.accepted).to.equal(6);
    expect(cost.amount).to.be.closeTo(3, 1e-9);
  });

  it("ends with the loop that is left, and the run goes on", async () => {
    const runs = await fixture.open();
    const run = await runs.start(request(50));
    for await (const _record of run.results()) break;
    expect((await run.wait()).inputs.succeeded).to.equal(50);
  });

  it("is closed while somebody reads its results, and while a submit is not answered", async () => {
    const method = "AsyncBatchAnnotateImages";
    fixture.admin.setFaults([{ method, nth: 3, when: "afterAcceptance", delayMs: 60_000 }]);
    const runs = await fixture.open({ closeTimeoutMs: 1000 });
    const run = await runs.start(request(30));
    const results = run.results();
    await results.next();
    await until(() => fixture.admin.submits().length === 3);
    await runs.close();
    const rest = async (): Promise<void> => {
      // What had been read by then may be given first.
      while ((await results.next()).done !== true);
    };
    expect(await rejection(rest())).to.have.property("name", "JournalError");
    fixture.admin.setFaults([]);
    const again = await fixture.open();
    expect((await (await again.resume("scans")).wait()).inputs.succeeded).to.equal(30);
    expectOnceEach(3);
  });

  it("can be watched and read by a process that does not work on it", async () => {
    const [working, reading] = [await fixture.open(), await fixture.open()];
    await working.start(request(50));
    const run = await reading.get("scans");
    if (run === undefined) throw new Error("there is no run");
    const workers = new Set<string>();
    const watching = (async () => {
      for await (const { workers: now } of run.progress({ intervalMs: 100 })) {
        for (const { worker, chunks } of now) {
          workers.add(worker);
          expect(chunks).to.be.within(1, 5);
        }
      }
    })();
    expect((await all(run)).map(({ index }) => index)).to.deep.equal([...Array(50).keys()]);
    await watching;
    expect(workers.size).to.equal(1);
    expect(await run.wait()).to.deep.include({ state: "done", workers: [] });
    expectOnceEach(5);
  });

  it("gives what is there of a run that goes on where nothing is to be waited for", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const run = await runs.start(request(10));
    for await (const record of run.results({ follow: false })) expect.fail(record.uri);
  });

  it("reads what was kept of a run, and tells what was lost of it since", async () => {
    const runs = await fixture.open();
    const run = await runs.start(request(30, { batchSize: 5 }));
    await run.wait();
    const folder = "gs://out/results/scans/000001/1/";
    await fixture.test.put(`${folder}output-1-to-5.json`, '{"responses":[{"labelAnn');
    const statuses = (await all(run)).map(({ status }) => status);
    expect(statuses.filter((status) => status === "missing")).to.have.length(5);
    expect(statuses.filter((status) => status === "succeeded")).to.have.length(25);
  });

  it("waits for a store that is out of reach while it reads what is kept, but not for ever", async () => {
    const runs = await fixture.open();
    await (await runs.start(request(30))).wait();
    const base = createCloudStorageStore({ apiEndpoint: fixture.addresses.rest });
    const isOut = (at: number): boolean => at % 4 !== 0 || at > 40;
    let reads = 0;
    const store: ObjectStore = {
      ...base,
      async *read(uri, options) {
        reads += 1;
        if (isOut(reads)) throw new StorageError("no answer", { reason: "unavailable", uri });
        yield* base.read(uri, options);
      },
    };
    const run = await (await fixture.open({ store, drive: false })).get("scans");
    if (run === undefined) throw new Error("there is no run");
    expect((await all(run)).map(({ index }) => index)).to.deep.equal([...Array(30).keys()]);
    reads = 41;
    expect(await rejection(all(run))).to.have.property("reason", "unavailable");
    expect(reads).to.equal(41 + 6);
  });

  it("is done at once where there is nothing to do", async () => {
    const runs = await fixture.open();
    const run = await runs.start(request(0));
    expect((await run.wait()).state).to.equal("done");
    expect(await all(run)).to.deep.equal([]);
  });

  it("takes up what is given anew when it is resumed", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const run = await runs.start(request(30, { limits: { maxImagesInProcessing: 10 } }));
    await until(() => fixture.admin.submits().length === 1);
    await runs.resume(run.id, { limits: { maxImagesInProcessing: 100 } });
    await until(() => fixture.admin.submits().length === 3);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    expect((await run.wait()).inputs.succeeded).to.equal(30);
  });

  it("aborts with the signal's reason while it waits for results", async () => {
    fixture.admin.holdOperations(true);
    const runs = await fixture.open();
    const run = await runs.start(request(10));
    const stop = new AbortController();
    const next = run.results({ signal: stop.signal }).next();
    const reason = new Error("enough");
    stop.abort(reason);
    expect(await rejection(next)).to.equal(reason);
  });
});

async function undecidedChunks(run: Run): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { chunk } of run.chunks({ states: ["unknown"] })) numbers.push(chunk.number);
  return numbers;
}
