import { expect } from "chai";
import {
  codeNumbers,
  InvalidRequestError,
  RpcError,
  SubmitError,
  type Code,
} from "../../src/errors/index.ts";
import {
  loadServices,
  operationsService,
  type MethodEntry,
} from "../../src/protocol/method-table.ts";
import { createCaller } from "../../src/transport/index.ts";
import type { AttemptOutcome } from "../../src/transport/transport.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";
import { recordingLogger } from "../fixtures/recording-logger.ts";
import { rejection } from "../fixtures/rejection.ts";
import { failure, scriptedTransport } from "../fixtures/scripted-transport.ts";

const method = operationsService.methods["getOperation"] as MethodEntry;
const call = { method, request: { name: "x" }, operationName: "x" };
const response = { name: "x" };

function open(...outcomes: AttemptOutcome[]) {
  const { transport, attempts } = scriptedTransport(outcomes);
  const clock = new FakeClock();
  return { caller: createCaller(transport, { clock, random: () => 0 }), attempts, clock };
}

describe("createCaller", () => {
  describe("submit", () => {
    // The table of the run protocol, code by code.
    const rejectedCodes = [
      "RESOURCE_EXHAUSTED",
      "INVALID_ARGUMENT",
      "PERMISSION_DENIED",
      "UNAUTHENTICATED",
      "NOT_FOUND",
      "FAILED_PRECONDITION",
      "UNIMPLEMENTED",
      "OUT_OF_RANGE",
    ];
    for (const code of Object.keys(codeNumbers).filter((each) => each !== "OK") as Code[]) {
      const outcome = rejectedCodes.includes(code) ? "rejected" : "unknown";
      it(`sends once and calls ${code} ${outcome}`, async () => {
        const { caller, attempts } = open(failure(code));
        const error = await rejection(caller.submit(call));
        expect(error).to.be.instanceOf(SubmitError).and.include({ code, outcome });
        expect(attempts).to.have.length(1);
      });
    }

    it("calls everything rejected that surely was not sent", async () => {
      const { caller } = open(failure("UNAVAILABLE", { mayHaveBeenSent: false }));
      expect(await rejection(caller.submit(call))).to.include({ outcome: "rejected" });
    });

    it("speaks of billing where there may be any, and only there", async () => {
      for (const [version, service, name, isBilled] of [
        ["v1", "ImageAnnotator", "asyncBatchAnnotateImages", true],
        ["v1p2beta1", "ImageAnnotator", "batchAnnotateImages", true],
        ["v1", "ProductSearch", "createProduct", false],
        ["v1p4beta1", "ProductSearch", "purgeProducts", false],
      ] as const) {
        const services = await loadServices(version);
        const entry = services[service]?.methods[name] as MethodEntry;
        for (const [code, doubt] of [
          ["UNAVAILABLE", isBilled ? /may have been accepted and be billed/ : /accepted: look/],
          ["NOT_FOUND", /nothing was accepted/],
        ] as const) {
          const { caller } = open(failure(code));
          const error = (await rejection(caller.submit({ ...call, method: entry }))) as Error;
          expect(error.message).to.match(doubt);
          if (!isBilled) expect(error.message).to.not.match(/bill/);
        }
      }
    });

    it("asks for a ready connection", async () => {
      const { caller, attempts } = open({ ok: true, response });
      expect(await caller.submit(call)).to.equal(response);
      expect(attempts[0]).to.include({ whenReady: true });
    });

    it("takes no operation without a name for one: nobody could ever read it", async () => {
      const { caller, attempts } = open({ ok: true, response: { name: "", done: false } });
      const error = await rejection(caller.submit(call));
      expect(error).to.be.instanceOf(SubmitError).and.include({ outcome: "unknown" });
      expect(error).to.include({ code: "INTERNAL" });
      expect(attempts).to.have.length(1);
    });

    it("sends nothing once its signal has aborted, and rejects with the reason", async () => {
      const { caller, attempts } = open({ ok: true, response });
      const reason = new Error("stop");
      expect(
        await rejection(caller.submit({ ...call, signal: AbortSignal.abort(reason) })),
      ).to.equal(reason);
      expect(attempts).to.have.length(0);
    });

    it("says unknown where an abort came after the request may have left", async () => {
      const controller = new AbortController();
      const { transport } = scriptedTransport([failure("CANCELLED")]);
      const caller = createCaller({
        ...transport,
        attempt: (attempt) => {
          controller.abort(new Error("stop"));
          return transport.attempt(attempt);
        },
      });
      const error = await rejection(caller.submit({ ...call, signal: controller.signal }));
      expect(error).to.be.instanceOf(SubmitError).and.include({ outcome: "unknown" });
    });
  });

  describe("read", () => {
    it("retries transient failures with growing pauses", async () => {
      const { caller, clock, attempts } = open(
        failure("UNAVAILABLE"),
        failure("INTERNAL"),
        failure("DEADLINE_EXCEEDED"),
        { ok: true, response },
      );
      const answer = caller.read(call);
      await clock.advance(10_000);
      expect(await answer).to.equal(response);
      expect(attempts).to.have.length(4);
      expect(clock.pauses).to.deep.equal([250, 500, 1000]);
    });

    it("waits as long as RetryInfo asks", async () => {
      const details = [
        { typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: { retryDelay: "7s" } },
      ];
      const { caller, clock } = open(failure("RESOURCE_EXHAUSTED", { details }), {
        ok: true,
        response,
      });
      const answer = caller.read(call);
      await clock.advance(7000);
      expect(await answer).to.equal(response);
      expect(clock.pauses).to.deep.equal([7000]);
    });

    it("waits no longer than ten minutes, whatever RetryInfo asks", async () => {
      const details = [
        { typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: { retryDelay: "86400s" } },
      ];
      const { caller, clock } = open(failure("RESOURCE_EXHAUSTED", { details }), {
        ok: true,
        response,
      });
      const answer = caller.read({ ...call, timeoutMs: 3_600_000 });
      await clock.advance(600_000);
      expect(await answer).to.equal(response);
      expect(clock.pauses).to.deep.equal([600_000]);
    });

    it("gives up when the next try would come after the time limit", async () => {
      const { caller, clock } = open(failure("UNAVAILABLE"));
      const ended = rejection(caller.read({ ...call, timeoutMs: 1500 }));
      await clock.advance(1500);
      expect(await ended)
        .to.be.instanceOf(RpcError)
        .and.include({ code: "UNAVAILABLE", operationName: "x" });
      expect(clock.pauses).to.deep.equal([250, 500]);
    });

    it("gives each attempt whole milliseconds, as people and headers read them", async () => {
      const { transport, attempts } = scriptedTransport([{ ok: true, response }]);
      let now = 0;
      const clock = { now: () => (now += 0.3), sleep: () => Promise.resolve() };
      await createCaller(transport, { clock }).read({ ...call, timeoutMs: 1500 });
      expect(attempts[0]).to.include({ timeoutMs: 1500 });
    });

    it("does not retry what is permanent", async () => {
      for (const code of [
        "NOT_FOUND",
        "PERMISSION_DENIED",
        "INVALID_ARGUMENT",
        "UNIMPLEMENTED",
      ] as const) {
        const { caller, attempts } = open(failure(code));
        expect(await rejection(caller.read(call))).to.include({ code });
        expect(attempts).to.have.length(1);
      }
    });

    describe("of a delete", () => {
      const remove = operationsService.methods["deleteOperation"] as MethodEntry;
      const notFound = failure("NOT_FOUND");

      it("that finds nothing, after its answer was lost, is done", async () => {
        const { caller, clock, attempts } = open(failure("UNAVAILABLE"), notFound);
        const answer = caller.read({ ...call, method: remove });
        await clock.advance(1000);
        expect(await answer).to.deep.equal({});
        expect(attempts).to.have.length(2);
      });

      it("as of the removal from a set, which v1p3beta1 answers with NOT_FOUND when it is done", async () => {
        const { ProductSearch } = await loadServices("v1p3beta1");
        const method = ProductSearch?.methods["removeProductFromProductSet"] as MethodEntry;
        const { caller, clock, attempts } = open(failure("UNAVAILABLE"), notFound);
        const answer = caller.read({ ...call, method });
        await clock.advance(1000);
        expect(await answer).to.deep.equal({});
        expect(attempts).to.have.length(2);
      });

      it("that finds nothing has failed where no attempt before it can have taken effect", async () => {
        for (const first of [
          failure("RESOURCE_EXHAUSTED"),
          failure("UNAVAILABLE", { mayHaveBeenSent: false }),
        ]) {
          const { caller, clock } = open(first, notFound);
          const answer = rejection(caller.read({ ...call, method: remove }));
          await clock.advance(1000);
          expect(await answer).to.include({ code: "NOT_FOUND" });
        }
        expect(await rejection(open(notFound).caller.read({ ...call, method: remove }))).to.include(
          { code: "NOT_FOUND" },
        );
      });

      it("is the only one that may find nothing", async () => {
        const { caller, clock } = open(failure("UNAVAILABLE"), notFound);
        const answer = rejection(caller.read(call));
        await clock.advance(1000);
        expect(await answer).to.include({ code: "NOT_FOUND" });
      });
    });

    it("stops at once when its signal aborts in a pause, and leaves no timer", async () => {
      const { caller, clock } = open(failure("UNAVAILABLE"));
      const controller = new AbortController();
      const ended = rejection(caller.read({ ...call, signal: controller.signal }));
      await clock.advance(0);
      expect(clock.pending).to.equal(1);
      controller.abort(new Error("stop"));
      expect(await ended).to.include({ message: "stop" });
      expect(clock.pending).to.equal(0);
    });
  });

  describe("the options of a call", () => {
    const faulty: readonly [string, object, string][] = [
      ["no time", { timeoutMs: 0 }, "options.timeoutMs"],
      ["negative time", { timeoutMs: -5 }, "options.timeoutMs"],
      ["a time that is no number", { timeoutMs: Number.NaN }, "options.timeoutMs"],
      ["time as text", { timeoutMs: "5" }, "options.timeoutMs"],
      ["more time than a timer has", { timeoutMs: 2 ** 31 }, "options.timeoutMs"],
      ["a controller for its signal", { signal: new AbortController() }, "options.signal"],
      ["a header with a line break", { headers: { "x-a": "1\n2" } }, 'options.headers["x-a"]'],
      ["a header of several values", { headers: { "x-a": ["1"] } }, 'options.headers["x-a"]'],
      ["a name that is no header's", { headers: { "x a": "1" } }, 'options.headers["x a"]'],
      ["a header of bytes", { headers: { "x-bin": "1" } }, 'options.headers["x-bin"]'],
    ];
    for (const [what, options, field] of faulty) {
      it(`are refused before anything is sent: ${what}`, async () => {
        const { caller, attempts } = open({ ok: true, response });
        for (const kind of ["submit", "read", "readOnce"] as const) {
          const error = await rejection(caller[kind]({ ...call, ...options }));
          expect(error).to.be.instanceOf(InvalidRequestError);
          const [problem] = (error as InvalidRequestError).problems;
          expect(problem).to.include({ field });
        }
        expect(attempts).to.have.length(0);
      });
    }

    it("never show the value of a header, which may be a secret", async () => {
      const { caller } = open({ ok: true, response });
      const headers = { authorization: "Bearer s3cret\n" };
      const error = await rejection(caller.read({ ...call, headers }));
      expect(JSON.stringify(error)).to.contain("authorization").and.not.contain("s3cret");
    });
  });

  it("takes a random part off the pauses between reads", async () => {
    const { transport } = scriptedTransport([failure("UNAVAILABLE"), { ok: true, response }]);
    const clock = new FakeClock();
    const answer = createCaller(transport, { clock, random: () => 0.5 }).read(call);
    await clock.advance(1000);
    await answer;
    expect(clock.pauses).to.deep.equal([187.5]);
  });

  it("tells the logger of a failed submit with its outcome, and of a read tried again", async () => {
    const { transport } = scriptedTransport([
      failure("UNAVAILABLE"),
      failure("UNAVAILABLE"),
      { ok: true, response },
    ]);
    const [clock, log] = [new FakeClock(), recordingLogger()];
    const caller = createCaller(transport, { clock, logger: log.logger, random: () => 0 });
    await rejection(caller.submit(call));
    const answer = caller.read(call);
    await clock.advance(1000);
    await answer;
    const method = "google.longrunning.Operations/GetOperation";
    expect(log.entries).to.deep.equal([
      ["warn", { method, code: "UNAVAILABLE", outcome: "unknown" }],
      ["debug", { method, code: "UNAVAILABLE", pauseMs: 250 }],
    ]);
  });

  it("readOnce makes one attempt, whatever comes", async () => {
    const { caller, attempts } = open(failure("UNAVAILABLE"));
    expect(await rejection(caller.readOnce(call))).to.include({ code: "UNAVAILABLE" });
    expect(attempts).to.have.length(1);
  });
});
