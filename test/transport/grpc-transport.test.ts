import { once } from "node:events";
import { constants, createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Status } from "../../generated/google/rpc/status.ts";
import { ErrorInfo } from "../../generated/google/rpc/error_details.ts";
import { operationsService, type MethodEntry } from "../../src/protocol/method-table.ts";
import { loadServices } from "../../src/protocol/method-table.ts";
import {
  GrpcTransport,
  resolveConnection,
  type ConnectionOptions,
} from "../../src/transport/index.ts";
import type { Attempt } from "../../src/transport/transport.ts";
import { accept, refuse, startGrpcServer, type Answer } from "../fixtures/grpc-server.ts";

const cleanUps: (() => unknown)[] = [];

function open(options: ConnectionOptions) {
  const transport = new GrpcTransport(
    resolveConnection(options, "vision.googleapis.com", {}),
    options,
    [],
  );
  cleanUps.push(() => transport.close());
  return transport;
}

async function openWithServer(...answers: Answer[]) {
  const server = await startGrpcServer(answers);
  const transport = open({ emulator: { grpc: server.address } });
  cleanUps.push(server.stop);
  return { server, transport };
}

const get = operationsService.methods["getOperation"] as MethodEntry;
const read: Attempt = {
  method: get,
  request: { name: "operations/x" },
  timeoutMs: 5000,
  whenReady: false,
};

async function submit(): Promise<Attempt> {
  const { ImageAnnotator } = await loadServices("v1");
  const method = ImageAnnotator.methods["asyncBatchAnnotateImages"] as MethodEntry;
  const request = { requests: [], outputConfig: undefined, parent: "projects/p", labels: {} };
  return { method, request, timeoutMs: 5000, whenReady: true };
}

describe("GrpcTransport", () => {
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  it("answers with the decoded response", async () => {
    const { transport } = await openWithServer(accept);
    const outcome = await transport.attempt(read);
    expect(outcome).to.have.nested.property("response.name", "operations/x");
  });

  it("sends the routing, client and own headers", async () => {
    const { transport, server } = await openWithServer(accept);
    await transport.attempt({ ...read, headers: { "x-mine": "1" } });
    const sent = server.calls[0]?.metadata.getMap() ?? {};
    expect(sent["x-goog-request-params"]).to.equal("name=operations%2Fx");
    expect(sent["x-goog-api-client"]).to.match(/^gl-node\/\S+ gccl\/\d\S+ gax\/6\S+ grpc\/1\S+$/);
    expect(sent["x-mine"]).to.equal("1");
    expect(sent).to.not.have.property("authorization");
  });

  for (const name of ["grpc_proxy", "https_proxy", "http_proxy"]) {
    it(`does not look for an emulator behind ${name}`, async () => {
      const before = process.env[name];
      process.env[name] = "http://127.0.0.1:9";
      try {
        const { transport } = await openWithServer(accept);
        expect(await transport.attempt(read)).to.include({ ok: true });
      } finally {
        if (before === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before;
      }
    });
  }

  it("makes one attempt, whatever the server answers", async () => {
    for (const code of [14, 13, 8, 4]) {
      const { transport, server } = await openWithServer(refuse(code, "no"), accept);
      const outcome = await transport.attempt(await submit());
      expect(outcome).to.deep.include({ ok: false, mayHaveBeenSent: true });
      expect(server.calls).to.have.length(1);
    }
  });

  it("makes one attempt when the connection drops under the call", async () => {
    const { transport, server } = await openWithServer(() => {
      server.stop();
    });
    const outcome = await transport.attempt(await submit());
    expect(outcome).to.deep.include({ ok: false, mayHaveBeenSent: true });
    expect(outcome)
      .to.have.nested.property("status.code")
      .that.is.oneOf(["UNAVAILABLE", "CANCELLED"]);
    expect(server.calls).to.have.length(1);
  });

  it("decodes the details of a status, and keeps what it does not know", async () => {
    const info = ErrorInfo.encode(
      ErrorInfo.fromPartial({ reason: "RATE_LIMIT_EXCEEDED", domain: "googleapis.com" }),
    ).finish();
    const unknown = { typeUrl: "type.googleapis.com/example.Unknown", value: Uint8Array.of(1, 2) };
    const details = [{ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value: info }, unknown];
    const trailer = Status.encode(
      Status.fromPartial({ code: 8, message: "slow down", details }),
    ).finish();
    const { transport } = await openWithServer(refuse(8, "slow down", trailer));
    const outcome = await transport.attempt(read);
    expect(outcome).to.have.nested.property("status.code", "RESOURCE_EXHAUSTED");
    expect(outcome).to.have.nested.property("status.message", "slow down");
    expect(outcome).to.have.nested.property(
      "status.details[0].value.reason",
      "RATE_LIMIT_EXCEEDED",
    );
    expect(outcome).to.have.nested.property("status.details[1].typeUrl", unknown.typeUrl);
    expect(outcome).to.have.nested.property("status.details[1].bytes.length", 2);
  });

  it("ends a call at its time limit", async () => {
    const { transport } = await openWithServer(() => undefined);
    const outcome = await transport.attempt({ ...read, timeoutMs: 100 });
    expect(outcome).to.have.nested.property("status.code", "DEADLINE_EXCEEDED");
    expect(outcome).to.include({ mayHaveBeenSent: true });
  });

  it("cancels the call at the server when its signal aborts", async () => {
    const controller = new AbortController();
    let cancelled: Promise<unknown> | undefined;
    const { transport } = await openWithServer((call) => {
      cancelled = once(call, "cancelled");
      controller.abort(new Error("stop"));
    });
    const outcome = await transport.attempt({ ...read, signal: controller.signal });
    expect(outcome).to.have.nested.property("status.code", "CANCELLED");
    expect(outcome).to.have.nested.property("cause.message", "stop");
    await cancelled;
  });

  it("keeps to all this where the environment asks gax for its traces", async () => {
    process.env["GOOGLE_SDK_NODE_ENABLE_TRACING"] = "true";
    cleanUps.push(() => delete process.env["GOOGLE_SDK_NODE_ENABLE_TRACING"]);
    const controller = new AbortController();
    let cancelled: Promise<unknown> | undefined;
    const { transport, server } = await openWithServer(accept, refuse(14, "no"), (call) => {
      cancelled = once(call, "cancelled");
      controller.abort(new Error("stop"));
    });
    expect(await transport.attempt(read)).to.have.nested.property("response.name", "operations/x");
    const refused = await transport.attempt(await submit());
    expect(refused).to.have.nested.property("status.code", "UNAVAILABLE");
    const stopped = await transport.attempt({ ...read, signal: controller.signal });
    expect(stopped).to.have.nested.property("cause.message", "stop");
    await cancelled;
    expect(server.calls).to.have.length(3);
    const sent = server.calls[0]?.metadata.getMap() ?? {};
    expect(sent["x-goog-request-params"]).to.equal("name=operations%2Fx");
    expect(sent["x-goog-api-client"]).to.match(/^gl-node/);
  });

  it("knows that a request which cannot be written was not sent", async () => {
    const { transport, server } = await openWithServer(accept);
    const broken = { ...(await submit()), request: { requests: [{ features: 1 }] } };
    const outcome = await transport.attempt(broken);
    expect(outcome).to.include({ ok: false, mayHaveBeenSent: false });
    expect(outcome).to.have.nested.property("status.code", "INTERNAL");
    expect(server.calls).to.have.length(0);
  });

  it("sends no submit over a connection that is lost", async () => {
    const { transport, server } = await openWithServer(accept);
    for (let call = 0; call < 3; call += 1) {
      expect(await transport.attempt(await submit())).to.include({ ok: true });
    }
    server.stop();
    // The server ends its connections in turns of the same event loop.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    const outcome = await transport.attempt({ ...(await submit()), timeoutMs: 300 });
    expect(outcome).to.include({ ok: false, mayHaveBeenSent: false });
    expect(outcome).to.have.nested.property("status.code", "UNAVAILABLE");
  });

  it("sends nothing where there is no server, and says so", async () => {
    const { server } = await openWithServer(accept);
    server.stop();
    const transport = open({ emulator: { grpc: server.address } });
    const outcome = await transport.attempt({ ...(await submit()), timeoutMs: 300 });
    expect(outcome).to.include({ ok: false, mayHaveBeenSent: false });
    expect(outcome).to.have.nested.property("status.code", "UNAVAILABLE");
    expect(outcome).to.have.nested.property("status.message").that.contains(server.address);
  });

  it("sends nothing without credentials, and looks for them again with the next call", async () => {
    const transport = open({ endpoint: "127.0.0.1:1", keyFilename: "/nowhere/key.json" });
    for (let call = 0; call < 2; call += 1) {
      const outcome = await transport.attempt(await submit());
      expect(outcome).to.include({ ok: false, mayHaveBeenSent: false });
      expect(outcome).to.have.nested.property("status.code", "UNAUTHENTICATED");
      expect(outcome).to.have.nested.property("status.message").that.contains("/nowhere/key.json");
    }
  });

  it("does not take for the server's word what gRPC makes of a broken stream or an empty answer", async () => {
    // A plain HTTP/2 server that has read the request whole before it breaks the stream.
    const { NGHTTP2_ENHANCE_YOUR_CALM: calm, NGHTTP2_INADEQUATE_SECURITY: insecure } = constants;
    const emptyAnswer = (stream: ServerHttp2Stream): void => {
      stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => {
        stream.sendTrailers({ "grpc-status": "0" });
      });
      stream.end();
    };
    const endings: ((stream: ServerHttp2Stream) => void)[] = [
      (stream) => {
        stream.close(calm);
      },
      (stream) => {
        stream.close(insecure);
      },
      emptyAnswer,
    ];
    for (const end of endings) {
      const server = createServer();
      let requests = 0;
      server.on("stream", (stream: ServerHttp2Stream) => {
        stream.on("error", () => undefined);
        stream.resume().on("end", () => {
          requests += 1;
          end(stream);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const transport = open({ emulator: { grpc: `127.0.0.1:${port}` } });
      const outcome = await transport.attempt(await submit());
      expect(outcome).to.include({ ok: false, mayHaveBeenSent: true });
      expect(outcome).to.have.nested.property("status.code", "UNKNOWN");
      expect(requests).to.equal(1);
      await transport.close();
      server.close();
    }
  });

  it("lets a call that was sent have its answer when it is closed", async () => {
    const reached = Promise.withResolvers<() => void>();
    const { transport, server } = await openWithServer((call, callback) => {
      reached.resolve(() => {
        accept(call, callback);
      });
    });
    const outcome = transport.attempt(await submit());
    const answer = await reached.promise;
    await transport.close();
    answer();
    expect(await outcome).to.have.nested.property("response.name", "operations/x");
    expect(server.calls).to.have.length(1);
  });

  it("asks once there is a connection whether the request may leave, and sends nothing where it may not", async () => {
    const { transport, server } = await openWithServer(accept);
    const asked: boolean[] = [];
    const isReady = transport.ready(await submit());
    const mayLeave = (): boolean => {
      asked.push(true);
      return false;
    };
    await isReady;
    const outcome = await transport.attempt({ ...(await submit()), mayLeave });
    expect(outcome).to.include({ ok: false, mayHaveBeenSent: false });
    expect(outcome).to.have.nested.property("status.code", "CANCELLED");
    expect(asked).to.have.length(1);
    expect(server.calls).to.have.length(0);
    const allowed = await transport.attempt({ ...(await submit()), mayLeave: () => true });
    expect(allowed).to.include({ ok: true });
  });

  it("sends nothing when it is closed while a call is prepared", async () => {
    for (const whenReady of [true, false]) {
      const { transport, server } = await openWithServer(accept);
      const outcome = transport.attempt({ ...(await submit()), whenReady });
      await transport.close();
      expect(await outcome).to.include({ ok: false, mayHaveBeenSent: false });
      expect(await outcome).to.have.nested.property("status.code", "FAILED_PRECONDITION");
      expect(server.calls).to.have.length(0);
    }
  });

  it("sends nothing when it is closed while it waits for a connection, and says so at once", async () => {
    const { server } = await openWithServer(accept);
    server.stop();
    const transport = open({ emulator: { grpc: server.address } });
    // The failed read leaves a channel that tries to connect.
    await transport.attempt(read);
    const outcome = transport.attempt(await submit());
    await new Promise((resolve) => setImmediate(resolve));
    await transport.close();
    expect(await outcome).to.have.nested.property("status.code", "FAILED_PRECONDITION");
  });

  it("sends nothing when the signal aborts while it waits for a connection", async () => {
    const { server } = await openWithServer(accept);
    server.stop();
    const transport = open({ emulator: { grpc: server.address } });
    const controller = new AbortController();
    const outcome = transport.attempt({ ...(await submit()), signal: controller.signal });
    setImmediate(() => {
      controller.abort(new Error("stop"));
    });
    expect(await outcome).to.include({ ok: false, mayHaveBeenSent: false });
    expect(await outcome).to.have.nested.property("cause.message", "stop");
  });

  it("refuses calls after it was closed", async () => {
    const { transport, server } = await openWithServer(accept);
    await transport.attempt(read);
    await transport.close();
    const outcome = await transport.attempt(read);
    expect(outcome).to.include({ ok: false, mayHaveBeenSent: false });
    expect(server.calls).to.have.length(1);
  });
});
