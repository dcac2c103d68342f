import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { expect } from "chai";
import type { FaultRule } from "../../../src/emulator/index.ts";
import { imagesRequest, TestEmulator, until } from "../../fixtures/emulator.ts";
import { FakeClock } from "../../fixtures/fake-clock.ts";
import { rejection } from "../../fixtures/rejection.ts";

const submitMethod = "AsyncBatchAnnotateImages";
const submitPath = "/v1/images:asyncBatchAnnotate";
const retryInfo = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.250s" };
const status = { code: "UNAVAILABLE", message: "try later", details: [retryInfo] } as const;

describe("faults of the emulator", () => {
  const clock = new FakeClock();
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start({ clock });
  });
  afterEach(() => running.emulator.admin.reset());
  after(() => running.close());

  const set = (...rules: FaultRule[]): void => {
    running.emulator.admin.setFaults(rules);
  };
  const accepted = (): number => running.emulator.admin.submits().length;

  for (const [when, count] of [
    ["beforeAcceptance", 0],
    ["afterAcceptance", 1],
  ] as const) {
    it(`answer a status ${when} over gRPC, with ${count} accepted`, async () => {
      set({ method: submitMethod, when, status });
      const { code, message, details } = await running.call(submitMethod, imagesRequest(1));
      expect({ code, message }).to.deep.equal({ code: "UNAVAILABLE", message: "try later" });
      expect(details).to.deep.equal([
        { "@type": retryInfo["@type"], retryDelay: { seconds: "1", nanos: 250_000_000 } },
      ]);
      expect(accepted()).to.equal(count);
      expect(running.emulator.admin.calls(submitMethod)).to.equal(1);
    });

    it(`answer a status ${when} over REST, with ${count} accepted`, async () => {
      set({ method: submitMethod, when, status });
      const answer = await running.rest("POST", submitPath, imagesRequest(1));
      expect(answer).to.deep.equal({
        status: 503,
        body: {
          error: { code: 503, message: "try later", status: "UNAVAILABLE", details: [retryInfo] },
        },
      });
      expect(accepted()).to.equal(count);
    });

    it(`drop the connection ${when} over gRPC, with ${count} accepted`, async () => {
      set({ method: submitMethod, when, dropConnection: true });
      const { code, gotHeaders } = await running.call(submitMethod, imagesRequest(1));
      expect({ code, gotHeaders }).to.deep.equal({ code: "UNAVAILABLE", gotHeaders: false });
      expect(accepted()).to.equal(count);
    });

    it(`drop the connection ${when}, but after the headers, over gRPC`, async () => {
      set({ method: submitMethod, when, dropConnection: "afterHeaders" });
      const { code, gotHeaders } = await running.call(submitMethod, imagesRequest(1));
      expect({ code, gotHeaders }).to.deep.equal({ code: "UNAVAILABLE", gotHeaders: true });
      expect(accepted()).to.equal(count);
    });

    it(`drop the connection ${when} over REST, with ${count} accepted`, async () => {
      set({ method: submitMethod, when, dropConnection: true });
      expect(await rejection(running.rest("POST", submitPath, imagesRequest(1)))).to.be.an("error");
      expect(accepted()).to.equal(count);
    });
  }

  describe("drop the connection after the response", () => {
    const rule = {
      service: "vision",
      when: "afterAcceptance",
      dropConnection: "afterResponse",
      times: 1,
    } as const;

    it("over gRPC, whose next call takes another one", async () => {
      set(rule);
      for (const count of [1, 2]) {
        const { code } = await running.call(submitMethod, imagesRequest(1));
        expect({ code, count: accepted() }).to.deep.equal({ code: "OK", count });
        for (let turn = 0; turn < 60; turn += 1) await new Promise(setImmediate);
      }
    });

    it("over REST", async () => {
      const { port } = new URL(running.emulator.http);
      set(rule);
      const text = JSON.stringify(imagesRequest(1));
      const socket = connect(Number(port), "127.0.0.1");
      socket.write(
        `POST ${submitPath} HTTP/1.1\r\nHost: a\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
      );
      // The text ends when the server closes the connection, which HTTP/1.1 keeps by itself.
      const [head = "", body = ""] = (await textOf(socket)).split("\r\n\r\n");
      expect(head)
        .to.match(/^HTTP\/1.1 200/)
        .and.match(/connection: keep-alive/i);
      expect(JSON.parse(body)).to.have.property("name");
      expect(accepted()).to.equal(1);
    });
  });

  it("tell calls that took effect from those that arrived", async () => {
    const { admin } = running.emulator;
    set(
      { method: "GetOperation", nth: 1, status },
      { method: "GetOperation", nth: 2, when: "afterAcceptance", status },
    );
    const name = await running.submit(imagesRequest(1));
    for (const [arrived, count] of [
      [1, 0],
      [2, 1],
      [3, 2],
    ]) {
      await running.operations("GetOperation", { name });
      expect(admin.calls("GetOperation")).to.equal(arrived);
      expect(admin.accepted("GetOperation")).to.equal(count);
    }
    await running.operations("GetOperation", { name: "operations/none" });
    expect(admin.accepted("GetOperation")).to.equal(2);
    await admin.reset();
    expect(admin.accepted("GetOperation")).to.equal(0);
  });

  it("end a REST answer within its body", async () => {
    set({ dropConnection: "afterHeaders" });
    const answer = await fetch(`${running.emulator.http}${submitPath}`, {
      method: "POST",
      body: JSON.stringify(imagesRequest(1)),
    });
    expect(answer.status).to.equal(200);
    expect(await rejection(answer.text())).to.be.an("error");
  });

  it("keep a detail of an unknown type as bytes", async () => {
    const details = [{ "@type": "example.com/some.Thing", value: "aGk=" }];
    set({ method: "GetOperation", status: { ...status, details } });
    const answer = await running.operations("GetOperation", { name: "operations/x" });
    expect(answer.details).to.deep.equal([{ type_url: "example.com/some.Thing", value: "aGk=" }]);
  });

  it("answer INTERNAL where a detail is not what its type says, and go on", async () => {
    const bad = { ...status, details: [{ ...retryInfo, retryDelay: 5 }] };
    set({ method: "GetOperation", times: 1, status: bad });
    const { code, message } = await running.operations("GetOperation", { name: "operations/x" });
    expect(code).to.equal("INTERNAL");
    expect(message).to.include("retryDelay");
    await running.submit(imagesRequest(1));
  });

  it("hold a call back before it is accepted", async () => {
    set({ method: submitMethod, delayMs: 500 });
    const submitting = running.submit(imagesRequest(1));
    await until(() => clock.pending === 1);
    expect(accepted()).to.equal(0);
    await clock.advance(500);
    await submitting;
    expect(accepted()).to.equal(1);
  });

  it("accept nothing from a caller that goes away while it is held back", async () => {
    set({ method: submitMethod, delayMs: 500 });
    const gone = new AbortController();
    const call = running.call(submitMethod, imagesRequest(1), gone.signal);
    await until(() => clock.pending === 1);
    gone.abort();
    expect((await call).code).to.equal("CANCELLED");
    await until(() => clock.pending === 0);
    expect(accepted()).to.equal(0);
  });

  it("hold the answer back after the call was accepted", async () => {
    set({ method: submitMethod, when: "afterAcceptance", delayMs: 500 });
    const submitting = running.submit(imagesRequest(1));
    await until(() => clock.pending === 1);
    expect(accepted()).to.equal(1);
    await clock.advance(500);
    await submitting;
  });

  it("end an accepted operation with a status and its details", async () => {
    set({ method: submitMethod, when: "operation", status });
    const done = await running.done(await running.submit(imagesRequest(1)));
    expect(done["error"]).to.deep.equal({ code: 14, message: "try later", details: [retryInfo] });
    expect(done["metadata"]).to.include({ state: "DONE" });
  });

  it("end an operation with neither result nor error", async () => {
    set({ when: "operation", status: { code: "OK", message: "" } });
    const done = await running.done(await running.submit(imagesRequest(1)));
    expect(done).to.include({ done: true });
    expect(done).to.not.have.any.keys("response", "error");
  });

  it("leave shards of an operation that succeeds out, or half written", async () => {
    set(
      { when: "output", shard: "missing", nth: 2 },
      { when: "output", shard: "truncated", method: submitMethod, nth: 3 },
    );
    const output = { gcsDestination: { uri: "gs://out/spoilt/" }, batchSize: 1 };
    const done = await running.done(await running.submit(imagesRequest(4, output)));
    expect(done).to.include({ done: true }).and.to.have.property("response");
    const left = ["output-1-to-1.json", "output-3-to-3.json", "output-4-to-4.json"];
    expect(await running.list("gs://out/spoilt/")).to.deep.equal(left);
    const whole = await running.text("gs://out/spoilt/output-4-to-4.json");
    const cut = await running.text("gs://out/spoilt/output-3-to-3.json");
    expect(cut).to.equal(whole.replace("4.png", "3.png").slice(0, Math.floor(whole.length / 2)));
  });

  it("strike one method and leave the others alone", async () => {
    set({ method: "Get*", nth: 2, status });
    const name = await running.submit(imagesRequest(1));
    const codes: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      codes.push((await running.operations("GetOperation", { name })).code);
    }
    expect(codes).to.deep.equal(["OK", "UNAVAILABLE", "OK"]);
    expect(running.emulator.admin.calls("GetOperation")).to.equal(3);
    expect(running.emulator.admin.polls(name)).to.equal(2);
  });

  it("strike the storage API before and after a call takes effect", async () => {
    const insert = { service: "storage", method: "objects.insert" } as const;
    set({ ...insert, delayMs: 1 }, { ...insert, when: "afterAcceptance", status });
    const upload = "/upload/storage/v1/b/struck-bucket/o?uploadType=media&name=x";
    expect((await running.rest("POST", upload, "content")).status).to.equal(503);
    expect(await running.text("gs://struck-bucket/x")).to.equal("content");
  });

  it("strike the storage API as well", async () => {
    set({ service: "storage", method: "objects.list", nth: 1, status });
    const list = "/storage/v1/b/out-bucket/o";
    expect((await running.rest("GET", list)).status).to.equal(503);
    expect((await running.rest("GET", list)).status).to.not.equal(503);
  });
});
