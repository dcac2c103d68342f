import { getEventListeners } from "node:events";
import { expect } from "chai";
import {
  OperationCancelledError,
  OperationFailedError,
  OperationResultError,
  RpcError,
  VisionBatchError,
  WaitTimeoutError,
} from "../../src/errors/index.ts";
import {
  OperationHandle,
  type OperationEvent,
  type OperationMessage,
} from "../../src/operations/index.ts";
import { fixedPlanner } from "../../src/operations/poll-schedule.ts";
import type { AsyncBatchAnnotateImagesResponse, OperationMetadata } from "../../src/protocol/v1.ts";
import { settle } from "../fixtures/fake-clock.ts";
import { rejection } from "../fixtures/rejection.ts";
import {
  failed,
  operationName,
  readError,
  running,
  scriptedRuntime,
  scriptedSchedule,
  succeeded,
  type Reply,
} from "../fixtures/scripted-operations.ts";

type Handle = OperationHandle<AsyncBatchAnnotateImagesResponse, OperationMetadata>;

function open(...replies: Reply[]) {
  const scripted = scriptedRuntime(replies);
  const handle: Handle = new OperationHandle(operationName, scripted.runtime);
  return { handle, ...scripted };
}

async function collect(events: AsyncIterable<OperationEvent<unknown, unknown>>, into: string[]) {
  for await (const event of events) {
    into.push(
      event.type === "running" ? `running ${event.changed ? "changed" : "same"}` : event.type,
    );
  }
}

describe("OperationHandle", () => {
  it("is not thenable, so that an async function can return it", async () => {
    const { handle } = open(running());
    const returned = await Promise.resolve(handle);
    expect(returned).to.equal(handle);
    expect("then" in handle).to.equal(false);
  });

  describe("poll", () => {
    it("reads exactly once, whatever the answer", async () => {
      const { handle, log } = open(readError("UNAVAILABLE"));
      expect(await rejection(handle.poll())).to.include({ code: "UNAVAILABLE", operationName });
      expect(log.reads).to.equal(1);
    });

    it("decodes metadata with nanoseconds by its type URL", async () => {
      const { handle } = open(running("RUNNING", "1700000000"));
      const snapshot = await handle.poll();
      expect(snapshot.state).to.equal("running");
      expect(snapshot.metadata?.updateTime).to.deep.include({
        seconds: "1700000000",
        nanos: 123_456_789,
      });
    });

    it("keeps the message where the metadata type is unknown", async () => {
      const metadata = { typeUrl: "type.googleapis.com/example.Unknown", value: Uint8Array.of(1) };
      const { handle } = open({ name: operationName, done: false, metadata });
      const snapshot = await handle.poll();
      expect(snapshot.metadata).to.equal(undefined);
      expect(snapshot.operation.metadata).to.equal(metadata);
    });

    it("tells the state where the metadata cannot be read", async () => {
      const metadata = { ...running().metadata, value: Uint8Array.of(0xff) };
      const { handle } = open({ ...running(), metadata } as Reply);
      expect(await handle.poll()).to.include({ state: "running", metadata: undefined });
    });

    it("reads what came as JSON that bytes cannot say", async () => {
      const { loadJsonCodec } = await import("../../src/protocol/json-codec.ts");
      const operation = (await loadJsonCodec("v1")).fromJson("google.longrunning.Operation", {
        name: operationName,
        metadata: {
          "@type": "type.googleapis.com/google.cloud.vision.v1.OperationMetadata",
          state: "A_STATE_OF_TOMORROW",
        },
      });
      const { handle } = open(operation);
      const snapshot = await handle.poll();
      expect(snapshot.metadata).to.include({ state: "A_STATE_OF_TOMORROW" });
    });

    it("tells those who wait of the end that it finds, and leaves no timer", async () => {
      const { handle, clock, log } = open(running(), failed(8, "quota"));
      const waiting = rejection(handle.wait());
      await settle();
      expect(clock.pending).to.equal(1);
      const snapshot = await handle.poll();
      expect(await waiting).to.equal(snapshot.state === "failed" && snapshot.error);
      await settle();
      expect(clock.pending).to.equal(0);
      expect(log.reads).to.equal(2);
      expect(await handle.poll()).to.equal(snapshot);
    });

    it("lets no late answer undo the end", async () => {
      const { runtime } = scriptedRuntime([running()]);
      const answers: ((message: OperationMessage) => void)[] = [];
      const get = () => new Promise<OperationMessage>((resolve) => answers.push(resolve));
      const handle = new OperationHandle(operationName, {
        ...runtime,
        api: { ...runtime.api, get },
      });
      const [slow, fast] = [handle.poll(), handle.poll()];
      answers[1]?.(succeeded());
      expect(await fast).to.include({ state: "succeeded" });
      answers[0]?.(running());
      expect(await slow).to.equal(await fast);
    });
  });

  describe("wait", () => {
    it("reads at once when nothing is known, then by the schedule, and returns the result", async () => {
      const { handle, clock, log } = open(running(), running(), running(), succeeded("gs://b/o"));
      const result = handle.wait();
      await settle();
      expect(log.reads).to.equal(1);
      await clock.advance(60_000);
      expect((await result).outputConfig?.gcsDestination?.uri).to.equal("gs://b/o");
      expect(clock.pauses).to.deep.equal([2000, 4000, 8000]);
      expect(clock.pending).to.equal(0);
    });

    it("goes on over transient errors", async () => {
      const transient = (["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"] as const).map(
        (code) => readError(code),
      );
      const { handle, clock } = open(...transient, succeeded());
      const result = handle.wait();
      await clock.advance(60_000);
      expect(await result).to.have.property("outputConfig");
    });

    it("waits as long as RetryInfo asks", async () => {
      const retryInfo = {
        typeUrl: "type.googleapis.com/google.rpc.RetryInfo",
        value: { retryDelay: "33.5s" },
      };
      const { handle, clock } = open(readError("RESOURCE_EXHAUSTED", [retryInfo]), succeeded());
      const result = handle.wait();
      await clock.advance(40_000);
      await result;
      expect(clock.pauses).to.deep.equal([33_500]);
    });

    it("waits no longer than ten minutes, whatever RetryInfo asks", async () => {
      const retryInfo = {
        typeUrl: "type.googleapis.com/google.rpc.RetryInfo",
        value: { retryDelay: "31536000s" },
      };
      const { handle, clock } = open(
        readError("RESOURCE_EXHAUSTED", [retryInfo]),
        readError("UNAVAILABLE", [retryInfo]),
        succeeded(),
      );
      const result = handle.wait();
      await clock.advance(600_000);
      await clock.advance(600_000);
      expect(await result).to.have.property("outputConfig");
      expect(clock.pauses).to.deep.equal([600_000, 600_000]);
    });

    it("ends with a permanent error that names the operation", async () => {
      for (const code of ["NOT_FOUND", "PERMISSION_DENIED", "INVALID_ARGUMENT"] as const) {
        const { handle, log } = open(readError(code));
        const error = await rejection(handle.wait());
        expect(error).to.be.instanceOf(RpcError).and.include({ code, operationName });
        expect(log.reads).to.equal(1);
      }
    });

    it("reads again after one UNAUTHENTICATED, and ends after two", async () => {
      const once = open(readError("UNAUTHENTICATED"), succeeded());
      const result = once.handle.wait();
      await once.clock.advance(10_000);
      expect(await result).to.have.property("outputConfig");
      const twice = open(readError("UNAUTHENTICATED"));
      const ended = rejection(twice.handle.wait());
      await twice.clock.advance(10_000);
      expect(await ended).to.include({ code: "UNAUTHENTICATED" });
      expect(twice.log.reads).to.equal(2);
    });

    it("throws what the operation failed with, details decoded", async () => {
      const { handle } = open(failed(8, "quota"));
      const error = await rejection(handle.wait());
      expect(error).to.be.instanceOf(OperationFailedError);
      expect(error).to.include({ code: "RESOURCE_EXHAUSTED", codeNumber: 8, operationName });
      expect((error as Error).message).to.contain("quota");
    });

    it("throws an error of its own when the operation was cancelled", async () => {
      const { handle } = open(failed(1, "cancelled"));
      expect(await rejection(handle.wait())).to.be.instanceOf(OperationCancelledError);
    });

    it("throws when the operation is done with neither result nor error", async () => {
      const { handle } = open({ name: operationName, done: true });
      expect(await rejection(handle.wait())).to.be.instanceOf(OperationResultError);
    });

    it("throws, with the cause, when the result is no message of its type", async () => {
      const { handle } = open({
        ...succeeded(),
        response: { ...succeeded().response, value: Uint8Array.of(0xff) },
      } as Reply);
      const error = await rejection(handle.wait());
      expect(error).to.be.instanceOf(OperationResultError).and.include({ operationName });
      expect(error).to.have.property("cause").that.is.instanceOf(Error);
    });

    it("may be called again after the end, without another read", async () => {
      const { handle, log } = open(succeeded());
      const first = await handle.wait();
      expect(await handle.wait()).to.equal(first);
      expect(log.reads).to.equal(1);
    });

    it("serves several callers with one loop; one that aborts disturbs no other", async () => {
      const { handle, clock, log } = open(running(), running(), succeeded());
      const leaving = new AbortController();
      const [gone, staying, also] = [
        handle.wait({ signal: leaving.signal }),
        handle.wait(),
        handle.wait(),
      ];
      const reason = new Error("enough");
      leaving.abort(reason);
      expect(await rejection(gone)).to.equal(reason);
      await clock.advance(20_000);
      expect(await staying).to.equal(await also);
      expect(log.reads).to.equal(3);
    });

    it("rejects at once when its signal aborts between reads, and leaves no timer", async () => {
      const { handle, clock, log } = open(running());
      const controller = new AbortController();
      const waiting = rejection(handle.wait({ signal: controller.signal }));
      await settle();
      expect(clock.pending).to.equal(1);
      controller.abort(new Error("stop"));
      expect(await waiting).to.include({ message: "stop" });
      await settle();
      expect(clock.pending).to.equal(0);
      expect(log.cancels).to.equal(0);
    });

    it("aborts the read under way when its signal aborts", async () => {
      const { handle, log } = open("hang");
      const controller = new AbortController();
      const waiting = rejection(handle.wait({ signal: controller.signal }));
      await settle();
      expect(log.open).to.equal(1);
      controller.abort(new Error("stop"));
      await waiting;
      await settle();
      expect(log).to.include({ open: 0, aborted: 1 });
    });

    it("cancels the operation on abort only when it is asked to", async () => {
      const { handle, log } = open(running());
      const controller = new AbortController();
      const waiting = rejection(handle.wait({ signal: controller.signal, cancelOnAbort: true }));
      await settle();
      controller.abort(new Error("stop"));
      expect(await waiting).to.include({ message: "stop" });
      expect(log.cancels).to.equal(1);
    });

    it("times out with an error that names the operation, and cancels nothing", async () => {
      const { handle, clock, log } = open(running());
      const waiting = rejection(handle.wait({ timeoutMs: 5000, cancelOnAbort: true }));
      await clock.advance(5000);
      expect(await waiting)
        .to.be.instanceOf(WaitTimeoutError)
        .and.include({ operationName });
      await settle();
      expect(log.cancels).to.equal(0);
      expect(clock.pending).to.equal(0);
    });

    for (const timeoutMs of [Number.NaN, -1, "soon"]) {
      it(`refuses the time limit ${timeoutMs}, and reads nothing`, async () => {
        const { handle, log } = open(succeeded());
        const error = await rejection(handle.wait({ timeoutMs: timeoutMs as number }));
        expect(error).to.be.instanceOf(VisionBatchError);
        expect(error).to.have.property("message").that.contains("timeoutMs");
        expect(log.reads).to.equal(0);
      });
    }

    it("has no time limit where that is Infinity", async () => {
      const { handle, clock } = open(running(), succeeded());
      const result = handle.wait({ timeoutMs: Infinity });
      await clock.advance(2000);
      expect(await result).to.have.property("outputConfig");
      expect(clock.pauses).to.deep.equal([2000]);
    });

    it("makes pauses shorter by the random part that the schedule names", async () => {
      const { runtime, clock } = scriptedRuntime([running(), running(), succeeded()]);
      const plan = fixedPlanner({ ...scriptedSchedule, jitter: 0.5 });
      const random = () => 0.5;
      const handle = new OperationHandle(operationName, { ...runtime, plan, random });
      const result = handle.wait();
      await clock.advance(60_000);
      await result;
      expect(clock.pauses).to.deep.equal([1500, 3000]);
    });

    it("leaves no listener at a signal that serves many waits, and warns of nothing", async () => {
      const warnings: Error[] = [];
      const onWarning = (warning: Error): void => {
        warnings.push(warning);
      };
      process.on("warning", onWarning);
      const { signal } = new AbortController();
      const waits = Array.from({ length: 50 }, async () => {
        const { handle, clock } = open(running(), succeeded());
        const result = handle.wait({ signal, timeoutMs: 60_000 });
        await clock.advance(10_000);
        return result;
      });
      await Promise.all(waits);
      process.off("warning", onWarning);
      expect(warnings).to.deep.equal([]);
      expect(getEventListeners(signal, "abort")).to.have.length(0);
    });

    it("ends at once when the client is closed, in a pause and in a read", async () => {
      for (const reply of [running(), "hang" as const]) {
        const { handle, clock, close, log } = open(reply);
        const waiting = [rejection(handle.wait()), rejection(handle.wait({ timeoutMs: 9000 }))];
        await settle();
        close();
        for (const error of await Promise.all(waiting)) {
          expect(error).to.be.instanceOf(RpcError);
          expect(error).to.include({ code: "FAILED_PRECONDITION", operationName });
        }
        await settle();
        expect(clock.pending).to.equal(0);
        expect(log.open).to.equal(0);
        expect(await rejection(handle.wait())).to.include({ code: "FAILED_PRECONDITION" });
      }
    });

    it("clears its time limit when the operation ends first", async () => {
      const { handle, clock } = open(succeeded());
      await handle.wait({ timeoutMs: 5000 });
      await settle();
      expect(clock.pending).to.equal(0);
    });
  });

  describe("watch", () => {
    it("tells every read and whether the metadata changed", async () => {
      const { handle, clock } = open(
        running("CREATED"),
        running("RUNNING"),
        running("RUNNING"),
        readError("UNAVAILABLE"),
        succeeded(),
      );
      const seen: string[] = [];
      const done = collect(handle, seen);
      await clock.advance(60_000);
      await done;
      expect(seen).to.deep.equal([
        "running changed",
        "running changed",
        "running same",
        "pollError",
        "succeeded",
      ]);
    });

    it("tells of a permanent error before it throws it", async () => {
      const { handle } = open(readError("NOT_FOUND"));
      const events = handle.watch();
      const { value } = await events.next();
      expect(value).to.include({ type: "pollError", continues: false });
      expect(await rejection(events.next())).to.include({ code: "NOT_FOUND" });
    });

    it("stops reading when the loop is left, and reads again for the next watcher", async () => {
      const { handle, clock, log } = open(running(), running(), succeeded());
      for await (const event of handle) {
        expect(event.type).to.equal("running");
        break;
      }
      await settle();
      expect(clock.pending).to.equal(0);
      await clock.advance(100_000);
      expect(log.reads).to.equal(1);
      const result = handle.wait();
      await clock.advance(10_000);
      expect(await result).to.have.property("outputConfig");
    });

    it("stops reading when its signal aborts while the loop's body runs", async () => {
      const { handle, clock } = open(running());
      const controller = new AbortController();
      const events = handle.watch({ signal: controller.signal });
      await events.next();
      await settle();
      expect(clock.pending).to.equal(1);
      controller.abort(new Error("stop"));
      await settle();
      expect(clock.pending).to.equal(0);
      expect(await rejection(events.next())).to.include({ message: "stop" });
    });

    it("cancels, where that was asked, also when the loop is left after the abort", async () => {
      const { handle, log } = open(running());
      const controller = new AbortController();
      for await (const _event of handle.watch({ signal: controller.signal, cancelOnAbort: true })) {
        controller.abort();
        break;
      }
      expect(log.cancels).to.equal(1);
    });

    it("ends at once when its iterator is returned while an event is awaited", async () => {
      const { handle, log, clock } = open("hang");
      const events = handle.watch();
      const pending = events.next();
      await settle();
      expect(log.open).to.equal(1);
      expect(await events.return()).to.deep.equal({ value: undefined, done: true });
      expect(await pending).to.deep.equal({ value: undefined, done: true });
      await settle();
      expect(log).to.include({ open: 0, cancels: 0 });
      expect(clock.pending).to.equal(0);
    });

    it("reads for who joins while the loop of the last one unwinds", async () => {
      const { handle, clock } = open("hang", succeeded());
      const leaving = new AbortController();
      const gone = rejection(handle.wait({ signal: leaving.signal }));
      await settle();
      leaving.abort(new Error("enough"));
      const result = handle.wait();
      await gone;
      await clock.advance(0);
      expect(await result).to.have.property("outputConfig");
    });

    it("holds few events for a slow watcher of reads that fail by turns", async () => {
      const byTurns = Array.from({ length: 50 }, (_, turn) =>
        turn % 2 === 0 ? running() : readError("UNAVAILABLE"),
      );
      const { handle, clock } = open(running("CREATED"), ...byTurns, succeeded());
      const events = handle.watch();
      await events.next();
      await clock.advance(1_000_000);
      const rest: string[] = [];
      await collect(events, rest);
      expect(rest).to.deep.equal(["running changed", "pollError", "succeeded"]);
    });

    it("holds few events for a watcher that is slow", async () => {
      const { handle, clock } = open(
        running("CREATED"),
        ...Array<Reply>(50).fill(running()),
        succeeded(),
      );
      const events = handle.watch();
      await events.next();
      await clock.advance(1_000_000);
      const rest: string[] = [];
      await collect(events, rest);
      expect(rest).to.deep.equal(["running changed", "succeeded"]);
    });
  });

  describe("cancel", () => {
    it("answers requested, and alreadyDone without a request once the end is known", async () => {
      const going = open(running());
      expect(await going.handle.cancel()).to.equal("requested");
      expect(going.log.cancels).to.equal(1);
      const done = open(succeeded());
      expect(await done.handle.cancel()).to.equal("alreadyDone");
      expect(done.log.cancels).to.equal(0);
    });

    it("answers unsupported where the server does not implement it", async () => {
      const { runtime } = scriptedRuntime([running()]);
      const api = { ...runtime.api, cancel: () => Promise.reject(readError("UNIMPLEMENTED")) };
      const handle = new OperationHandle(operationName, { ...runtime, api });
      expect(await handle.cancel()).to.equal("unsupported");
    });

    it("requests the cancel even when the operation cannot be read just now", async () => {
      const { handle, log } = open(readError("UNAVAILABLE"));
      expect(await handle.cancel()).to.equal("requested");
      expect(log.cancels).to.equal(1);
    });
  });

  it("becomes a token with a version", () => {
    const { handle } = open(running());
    expect(JSON.parse(JSON.stringify(handle))).to.deep.equal({
      type: "vision-batch/operation",
      version: 1,
      name: operationName,
      host: "localhost",
    });
  });
});
