import { EventEmitter, once } from "node:events";
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { AnswerBody } from "../../src/storage/answer-body.ts";

const mebibyte = Buffer.alloc(1024 * 1024, "a");

describe("AnswerBody", () => {
  let server: Server;
  /** What the server does with its answer. */
  let answer: (response: ServerResponse) => void;

  before(async () => {
    server = createServer((_, response) => {
      answer(response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function request(): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const sent = get({ host: "127.0.0.1", port });
    sent.on("error", () => undefined);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return response;
  }

  it("gives all that comes, in order, and then its end", async () => {
    answer = (response) => {
      response.write("some ");
      response.end(mebibyte);
    };
    const body = new AnswerBody(await request());
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    expect(Buffer.concat(parts).equals(Buffer.concat([Buffer.from("some "), mebibyte]))).to.equal(
      true,
    );
    expect(await body.next()).to.deep.equal({ done: true, value: undefined });
  });

  it("leaves with the connection what its reader has no time for, and goes on with it", async () => {
    answer = (response) => {
      for (let count = 0; count < 32; count++) response.write(mebibyte);
      response.end();
    };
    const response = await request();
    const body = new AnswerBody(response);
    let bytes = (await body.next()).value?.length ?? 0;
    await once(response, "pause");
    expect(response.complete).to.equal(false);
    for await (const part of body) bytes += part.length;
    expect(bytes).to.equal(32 * mebibyte.length);
  });

  it("throws behind what has come when the connection breaks", async () => {
    answer = (response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("a part", () => response.destroy());
    };
    const body = new AnswerBody(await request());
    expect(Buffer.from((await body.next()).value ?? []).toString()).to.equal("a part");
    const error: unknown = await body.next().catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "ECONNRESET");
  });

  it("throws where the connection broke before anybody asked", async () => {
    answer = (response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write("a part", () => response.destroy());
    };
    const response = await request();
    const body = new AnswerBody(response);
    await new Promise((resolve) => response.on("close", resolve));
    const error: unknown = await body.next().catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "ERR_STREAM_PREMATURE_CLOSE");
  });

  it("closes the connection when it is left, and ends whoever waits", async () => {
    const closed = Promise.withResolvers<undefined>();
    answer = (response) => {
      response.writeHead(200, { "content-length": 100 });
      response.flushHeaders();
      response.on("close", () => {
        closed.resolve(undefined);
      });
    };
    const body = new AnswerBody(await request());
    const waiting = body.next();
    await body.return();
    expect(await waiting).to.deep.equal({ done: true, value: undefined });
    await closed.promise;
  });

  it("frees what the socket had read, and nothing of what it gives", async () => {
    answer = (response) => {
      // Of unknown length, so that several parts stand in what is read at once.
      for (let count = 0; count < 64; count++) response.write(Buffer.alloc(10_000, count));
      response.end();
    };
    const response = await request();
    const reads: Uint8Array[] = [];
    const { socket } = response;
    const listeners = socket.listenerCount("data");
    socket.prependListener("data", (read: Uint8Array) => reads.push(read));
    const parts: Uint8Array[] = [];
    for await (const part of new AnswerBody(response)) parts.push(part);
    const expected = Array.from({ length: 64 }, (_, count) => Buffer.alloc(10_000, count));
    expect(Buffer.concat(parts).equals(Buffer.concat(expected))).to.equal(true);
    const whole = reads.filter(({ buffer }) => !(buffer as ArrayBuffer).detached);
    expect(reads.length).to.be.above(1);
    expect(whole.length).to.be.below(reads.length);
    expect(socket.listenerCount("data")).to.be.at.most(listeners + 1);
  });

  it("keeps what the socket had read where its parts are of it, or wait unseen", async () => {
    const socket = new EventEmitter();
    const stream = Object.assign(new PassThrough(), { socket });
    const body = new AnswerBody(stream as unknown as IncomingMessage);
    const first = body.next();
    const read = new Uint8Array(new ArrayBuffer(4)).fill(1);
    stream.emit("data", read.subarray(1));
    socket.emit("data", read);
    const unseen = new Uint8Array(new ArrayBuffer(4)).fill(2);
    socket.emit("data", unseen);
    expect((await first).value).to.deep.equal(new Uint8Array([1, 1, 1]));
    expect(unseen).to.deep.equal(new Uint8Array([2, 2, 2, 2]));
    await body.return();
    expect(socket.listenerCount("data")).to.equal(0);
  });
});
