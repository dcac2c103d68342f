import { once } from "node:events";
import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { mock } from "node:test";
import { gzipSync } from "node:zlib";
import { getSubchannelPool } from "@grpc/grpc-js/build/src/subchannel-pool.js";
import { expect } from "chai";
import { AnnotateImageRequest } from "../../generated/google/cloud/vision/v1/image_annotator.ts";
import { Operation } from "../../generated/google/longrunning/operations.ts";
import {
  loadServices,
  operationsService,
  type MethodEntry,
  type ServiceEntry,
} from "../../src/protocol/method-table.ts";
import { GrpcTransport, resolveConnection } from "../../src/transport/index.ts";
import type { Attempt, AttemptOutcome } from "../../src/transport/transport.ts";

const message = Operation.encode(Operation.fromPartial({ name: "operations/x" })).finish();

/** A gRPC frame: whether it is compressed, its length, a message. */
function frame(bytes: Uint8Array, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed ? 1 : 0, 0);
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}

function answer(stream: ServerHttp2Stream, body: Buffer, headers: object = {}): void {
  stream.respond({ "content-type": "application/grpc", ...headers }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.end(body);
}

/** Answers with an empty message, which is one of every type. */
const accept = (stream: ServerHttp2Stream): void => {
  answer(stream, frame(Buffer.alloc(0)));
};

describe("what gRPC carries", () => {
  let server: Http2Server;
  let transport: GrpcTransport;
  let respond: (stream: ServerHttp2Stream) => void;
  let answered: AttemptOutcome;
  const calls: IncomingHttpHeaders[] = [];
  const sessions: ServerHttp2Session[] = [];

  beforeEach(async () => {
    calls.length = 0;
    sessions.length = 0;
    respond = accept;
    server = createServer();
    server.on("session", (session) => sessions.push(session));
    server.on("stream", (stream, headers) => {
      calls.push(headers);
      stream.on("error", () => undefined);
      stream.resume().once("end", () => {
        respond(stream);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const options = { emulator: { grpc: `127.0.0.1:${port}` } };
    transport = new GrpcTransport(resolveConnection(options, ""), options, []);
  });

  afterEach(async () => {
    mock.timers.reset();
    await transport.close();
    for (const session of sessions) session.destroy();
    server.close();
  });

  async function send(
    service: ServiceEntry | undefined,
    name: string,
    rest: Partial<Attempt> = {},
  ): Promise<IncomingHttpHeaders> {
    const method = service?.methods[name] as MethodEntry;
    const request = rest.request ?? { name: "operations/x" };
    const attempt = { timeoutMs: 5000, whenReady: false, ...rest, method, request };
    const outcome = await transport.attempt(attempt);
    expect(outcome).to.include({ ok: true });
    answered = outcome;
    return calls.at(-1) ?? {};
  }

  it("lets go of a request that is the attempt's alone once it is encoded, and of no other", async () => {
    const { ImageAnnotator } = await loadServices("v1");
    const one = AnnotateImageRequest.fromPartial({ image: { source: { imageUri: "gs://a/b" } } });
    const received: Buffer[] = [];
    server.on("stream", (stream: ServerHttp2Stream) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => received.push(Buffer.concat(parts)));
    });
    const kept: number[] = [];
    for (const isGiven of [true, false]) {
      const requests = [one, one];
      const request = { requests, outputConfig: undefined, parent: "projects/p", labels: {} };
      respond = (stream) => {
        kept.push(requests.length);
        accept(stream);
      };
      await send(ImageAnnotator, "asyncBatchAnnotateImages", { request, isGiven });
    }
    expect(kept).to.deep.equal([0, 2]);
    const [first, second] = received;
    expect(first?.equals(second ?? Buffer.alloc(0))).to.equal(true);
    expect(first?.includes("gs://a/b")).to.equal(true);
  });

  it("routes each call by the field that its URL would hold", async () => {
    const { ImageAnnotator, ProductSearch } = await loadServices("v1");
    const parent = "projects/p/locations/eu";
    const images = { requests: [], outputConfig: undefined, parent, labels: {} };
    const set = { name: `${parent}/productSets/s 1`, displayName: "" };
    const sent: [ServiceEntry | undefined, string, object, string | undefined][] = [
      [ImageAnnotator, "asyncBatchAnnotateImages", images, `parent=${encodeURIComponent(parent)}`],
      [ImageAnnotator, "batchAnnotateImages", { ...images, parent: "" }, undefined],
      [operationsService, "getOperation", { name: "operations/x" }, "name=operations%2Fx"],
      [operationsService, "cancelOperation", { name: "operations/x" }, "name=operations%2Fx"],
      [
        operationsService,
        "listOperations",
        { name: parent, filter: "", pageSize: 0, pageToken: "" },
        `name=${encodeURIComponent(parent)}`,
      ],
      [operationsService, "waitOperation", { name: "operations/x" }, "name=operations%2Fx"],
      [
        ProductSearch,
        "updateProductSet",
        { productSet: set },
        "product_set.name=projects%2Fp%2Flocations%2Feu%2FproductSets%2Fs%201",
      ],
    ];
    for (const [service, name, request, params] of sent) {
      const headers = await send(service, name, { request });
      expect(headers["x-goog-request-params"], name).to.equal(params);
    }
  });

  it("says which program and which libraries call", async () => {
    const headers = await send(operationsService, "getOperation");
    expect(headers["user-agent"]).to.match(/^vision-batch\/\d+\.\d+\.\d+ grpc-node-js\/1\./);
    expect(headers["x-goog-api-client"]).to.match(
      /^gl-node\/\d\S* gccl\/\d\S* gax\/6\S* grpc\/1\S*$/,
    );
  });

  it("tells the server how much time is left", async () => {
    const headers = await send(operationsService, "getOperation", { timeoutMs: 7000 });
    const [, ms] = /^(\d+)m$/.exec(String(headers["grpc-timeout"])) ?? [];
    expect(Number(ms)).to.be.within(5000, 7000);
  });

  it("lets own headers go before what is worked out, but for the libraries", async () => {
    const headers = await send(operationsService, "getOperation", {
      headers: { "X-Goog-Request-Params": "name=y", "x-goog-api-client": "other/1", "x-mine": "1" },
    });
    expect(headers).to.include({ "x-goog-request-params": "name=y", "x-mine": "1" });
    expect(headers["x-goog-api-client"]).to.match(/^gl-node/);
  });

  it("takes answers that are compressed, and says so", async () => {
    respond = (stream) => {
      answer(stream, frame(gzipSync(message), true), { "grpc-encoding": "gzip" });
    };
    const headers = await send(operationsService, "getOperation");
    expect(headers["grpc-accept-encoding"]).to.match(/\bgzip\b/);
    expect(answered).to.have.nested.property("response.name", "operations/x");
    // Nothing tells whether the service takes compressed requests before it has refused one.
    expect(headers["grpc-encoding"]).to.equal(undefined);
  });

  describe("over a connection", () => {
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    };

    beforeEach(() => {
      mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: Date.now() });
    });

    function countPings(): () => number {
      let pings = 0;
      sessions[0]?.on("ping", () => (pings += 1));
      return () => pings;
    }

    it("that has calls under way is a ping every 2 minutes", async () => {
      const reached = Promise.withResolvers<ServerHttp2Stream>();
      respond = reached.resolve;
      const outcome = send(operationsService, "getOperation", { timeoutMs: 600_000 });
      const stream = await reached.promise;
      const pings = countPings();
      for (const expected of [1, 2]) {
        mock.timers.tick(119_000);
        await turns();
        expect(pings()).to.equal(expected - 1);
        const pinged = once(sessions[0] as ServerHttp2Session, "ping");
        mock.timers.tick(1000);
        await pinged;
        // The answer to the ping must have come before the next one is due.
        await turns();
      }
      accept(stream);
      await outcome;
    });

    it("that has had no call for 3 minutes is closed, and the next submit takes a new one", async () => {
      await send(operationsService, "getOperation");
      const pings = countPings();
      mock.timers.tick(175_000);
      await turns();
      expect(sessions[0]?.closed).to.equal(false);
      const closed = once(sessions[0] as ServerHttp2Session, "close");
      mock.timers.tick(20_000);
      await turns();
      // gRPC does it every 10 s, which an earlier test may have begun by the real clock.
      getSubchannelPool(true).unrefUnusedSubchannels();
      await closed;
      expect(pings()).to.equal(0);
      await send(operationsService, "getOperation", { whenReady: true });
      expect(sessions).to.have.length(2);
    });
  });
});
