import { expect } from "chai";
import { imagesRequest, TestEmulator, until } from "../../fixtures/emulator.ts";
import { textOf } from "../../../src/emulator/plain-json.ts";
import { FakeClock } from "../../fixtures/fake-clock.ts";

const nanoseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

interface OperationJson {
  readonly name: string;
  readonly done?: boolean;
  readonly metadata: Record<string, string>;
  readonly response?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

describe("operations of the emulator", () => {
  let running: TestEmulator;
  beforeEach(async () => {
    running = await TestEmulator.start();
  });
  afterEach(() => running.close());

  const get = async (name: string): Promise<OperationJson> =>
    (await running.rest("GET", `/v1/${name}`)).body as unknown as OperationJson;

  it("are created, run and done, with times in nanoseconds", async () => {
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(3));
    const created = await get(name);
    expect(created.metadata).to.include({
      "@type": "type.googleapis.com/google.cloud.vision.v1.OperationMetadata",
      state: "CREATED",
    });
    expect(created).to.not.have.any.keys("done", "response", "error");
    expect(running.emulator.admin.releaseOperation(name)).to.equal(true);
    const done = (await running.done(name)) as unknown as OperationJson;
    expect(done.done).to.equal(true);
    expect(done.metadata["state"]).to.equal("DONE");
    expect(done.metadata["createTime"]).to.match(nanoseconds);
    expect(done.metadata["updateTime"]).to.match(nanoseconds);
    expect(done.metadata["updateTime"]! > done.metadata["createTime"]!).to.equal(true);
    expect(done.response).to.deep.equal({
      "@type": "type.googleapis.com/google.cloud.vision.v1.AsyncBatchAnnotateImagesResponse",
      outputConfig: { gcsDestination: { uri: "gs://out/run/" } },
    });
  });

  it("are named for the project, and for the location where the parent has one", async () => {
    expect(await running.submit(imagesRequest(1))).to.match(
      /^projects\/emulator\/operations\/[0-9a-f]{16}$/,
    );
    const parent = "projects/mine/locations/eu";
    const name = await running.submit({ ...imagesRequest(1), parent });
    expect(name).to.match(/^projects\/mine\/locations\/eu\/operations\/[0-9a-f]{16}$/);
    expect((await get(name)).name).to.equal(name);
  });

  it("report the types of the version that was called", async () => {
    const { response } = await running.call(
      "google.cloud.vision.v1p4beta1.ImageAnnotator/AsyncBatchAnnotateImages",
      imagesRequest(1),
    );
    const done = (await running.done(String(response["name"]))) as unknown as OperationJson;
    expect(done.metadata["@type"]).to.include("google.cloud.vision.v1p4beta1.OperationMetadata");
    expect(done.response?.["@type"]).to.include("v1p4beta1.AsyncBatchAnnotateImagesResponse");
  });

  it("serve the methods that only REST has", async () => {
    const path = "/v1p1beta1/projects/p/locations/us/images:asyncBatchAnnotate";
    const { body } = await running.rest("POST", path, imagesRequest(1));
    const done = (await running.done(String(body["name"]))) as unknown as OperationJson;
    expect(done.name).to.match(/^projects\/p\/locations\/us\/operations\//);
    expect(done.metadata["@type"]).to.include("google.cloud.vision.v1.OperationMetadata");
    const [submit] = running.emulator.admin.submits();
    expect(submit).to.include({ version: "v1p1beta1", transport: "rest", inputCount: 1 });
  });

  it("end as cancelled with code 1 and write no further shard", async () => {
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(3));
    expect((await running.operations("CancelOperation", { name })).code).to.equal("OK");
    const done = (await running.done(name)) as unknown as OperationJson;
    expect(done.done).to.equal(true);
    expect(done.error?.code).to.equal(1);
    expect(done.metadata["state"]).to.equal("CANCELLED");
    expect(await running.list("gs://out/run")).to.deep.equal([]);
    expect(running.emulator.admin.cancels(name)).to.equal(1);
  });

  it("end as cancelled where the answer to the cancel was lost", async () => {
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(1));
    const method = "CancelOperation";
    running.emulator.admin.setFaults([{ method, when: "afterAcceptance", dropConnection: true }]);
    expect((await running.operations(method, { name })).code).to.equal("UNAVAILABLE");
    expect((await running.done(name))["error"]).to.include({ code: 1 });
    expect(running.emulator.admin.cancels(name)).to.equal(1);
  });

  it("take a cancel over REST, and a late one without a word", async () => {
    const name = await running.submit(imagesRequest(1));
    await running.done(name);
    const { status, body } = await running.rest("POST", `/v1/${name}:cancel`, {});
    expect({ status, body }).to.deep.equal({ status: 200, body: {} });
    expect((await get(name)).response).to.not.equal(undefined);
  });

  it("are deleted, and then not found", async () => {
    const name = await running.submit(imagesRequest(1));
    expect((await running.operations("DeleteOperation", { name })).code).to.equal("OK");
    const { code, message } = await running.operations("GetOperation", { name });
    expect({ code, message }).to.deep.equal({
      code: "NOT_FOUND",
      message: `Operation not found: ${name}`,
    });
    expect((await running.rest("GET", `/v1/${name}`)).status).to.equal(404);
  });

  it("refuse a name that is not one", async () => {
    const { code } = await running.operations("GetOperation", { name: "projects/p" });
    expect(code).to.equal("INVALID_ARGUMENT");
  });

  it("are listed by page, newest first", async () => {
    const names: string[] = [];
    for (let index = 0; index < 5; index += 1) names.push(await running.submit(imagesRequest(1)));
    const listed: string[] = [];
    let pageToken = "";
    do {
      const request = { name: "projects/emulator", pageSize: 2, pageToken };
      const { response } = await running.operations("ListOperations", request);
      listed.push(...(response["operations"] as { name: string }[]).map(({ name }) => name));
      pageToken = textOf(response["nextPageToken"]);
    } while (pageToken !== "");
    expect(listed).to.deep.equal(names.reverse());
  });

  it("are listed by parent and by whether they are done", async () => {
    const done = await running.submit(imagesRequest(1));
    await running.done(done);
    running.emulator.admin.holdOperations(true);
    const held = await running.submit(imagesRequest(1));
    const elsewhere = await running.submit({
      ...imagesRequest(1),
      parent: "projects/p/locations/eu",
    });
    const list = async (path: string): Promise<readonly string[]> => {
      const { body } = await running.rest("GET", path);
      return ((body["operations"] ?? []) as { name: string }[]).map(({ name }) => name);
    };
    expect(await list("/v1/operations")).to.have.members([done, held, elsewhere]);
    expect(await list("/v1/projects/emulator/operations?filter=done%3Dtrue")).to.deep.equal([done]);
    expect(await list("/v1/projects/emulator/operations?filter=done%3Afalse")).to.deep.equal([
      held,
    ]);
    expect(await list("/v1/projects/p/locations/eu/operations")).to.deep.equal([elsewhere]);
    expect(await list("/v1/projects/nobody/operations")).to.deep.equal([]);
  });

  for (const [field, request] of Object.entries({
    filter: { filter: "state=DONE" },
    pageToken: { pageToken: "zzz" },
    pageSize: { pageSize: -1 },
    name: { name: "nothing/of/ours" },
  })) {
    it(`refuse a list with a bad ${field}`, async () => {
      const { code, details } = await running.operations("ListOperations", request);
      expect(code).to.equal("INVALID_ARGUMENT");
      const { fieldViolations } = details[0] as { fieldViolations: { field: string }[] };
      expect(fieldViolations[0]?.field).to.equal(field);
    });
  }

  it("are waited for until they are done", async () => {
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(1));
    const waiting = running.operations("WaitOperation", { name });
    await until(() => running.emulator.admin.polls(name) === 1);
    running.emulator.admin.releaseOperation();
    expect((await waiting).response["done"]).to.equal(true);
  });

  it("can be released as soon as their submit is seen", async () => {
    const { admin } = running.emulator;
    admin.holdOperations(true);
    const before = admin.submits().length;
    const submitting = running.submit(imagesRequest(1));
    let isReleased: boolean | undefined;
    // Looks before any other turn of the event loop can come between.
    await until(async () => {
      for (let turn = 0; turn < 50 && isReleased === undefined; turn++) {
        await Promise.resolve();
        if (admin.submits().length > before) isReleased = admin.releaseOperation();
      }
      return isReleased !== undefined;
    });
    expect(isReleased).to.equal(true);
    await running.done(await submitting);
  });
});

describe("operations of the emulator, by an injected clock", () => {
  const clock = new FakeClock();
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start({ clock, retentionMs: 1000, processingMsPerImage: 100 });
  });
  after(() => running.close());

  it("answer a wait with the state as it is when the time is up", async () => {
    const name = await running.submit(imagesRequest(1));
    const waiting = running.operations("WaitOperation", {
      name,
      timeout: { seconds: 0, nanos: 50_000_000 },
    });
    await until(() => clock.pending === 2);
    await clock.advance(50);
    const { response } = await waiting;
    expect(response).to.not.have.property("done");
    expect(response["metadata"]).to.include({ state: "RUNNING" });
    await clock.advance(50);
    await until(() => running.emulator.admin.operations()[0]?.done === true);
  });

  it("write each shard once its images have had their time", async () => {
    const name = await running.submit(imagesRequest(5, { batchSize: 2 }));
    await until(() => clock.pending === 1);
    await clock.advance(200);
    await until(async () => (await running.list("gs://out/run")).length === 1 + 1);
    expect(await running.list("gs://out/run")).to.include("output-1-to-2.json");
    await until(() => clock.pending === 1);
    await running.operations("CancelOperation", { name });
    await until(() => running.emulator.admin.operations()[0]?.done === true);
    expect(clock.pending).to.equal(0);
    expect(await running.list("gs://out/run")).to.not.include("output-3-to-4.json");
  });

  it("are forgotten once their time is over", async () => {
    const name = running.emulator.admin.operations()[0]?.name ?? "";
    await clock.advance(999);
    expect((await running.operations("GetOperation", { name })).code).to.equal("OK");
    await clock.advance(1);
    expect((await running.operations("GetOperation", { name })).code).to.equal("NOT_FOUND");
    expect(running.emulator.admin.operations()).to.deep.equal([]);
  });

  it("leave no timer behind when a waiting caller goes away", async () => {
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(1));
    const gone = new AbortController();
    const waiting = running.operations("WaitOperation", { name }, gone.signal);
    await until(() => clock.pending === 1);
    gone.abort();
    expect((await waiting).code).to.equal("CANCELLED");
    await until(() => clock.pending === 0);
  });
});

describe("operations of an emulator that supports less", () => {
  it("answer UNIMPLEMENTED to cancel, list, delete and wait", async () => {
    const running = await TestEmulator.start({
      cancelSupported: false,
      listSupported: false,
      deleteSupported: false,
      waitSupported: false,
    });
    try {
      const name = await running.submit(imagesRequest(1));
      for (const method of [
        "CancelOperation",
        "ListOperations",
        "DeleteOperation",
        "WaitOperation",
      ]) {
        expect((await running.operations(method, { name })).code, method).to.equal("UNIMPLEMENTED");
      }
      expect((await running.rest("POST", `/v1/${name}:cancel`, {})).status).to.equal(501);
      expect((await running.operations("GetOperation", { name })).code).to.equal("OK");
    } finally {
      await running.close();
    }
  });
});
