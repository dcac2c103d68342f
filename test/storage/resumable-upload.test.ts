import { expect } from "chai";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { createCloudStorageStore } from "../../src/storage/cloud-storage-store.ts";
import { uploadPieces } from "../../src/storage/upload-pieces.ts";
import { allOf, expectReason } from "./object-store-contract.ts";

const piece = 8 * 1024 * 1024;

describe("uploadPieces", () => {
  async function* chunksOf(...lengths: readonly number[]): AsyncGenerator<Uint8Array> {
    for (const length of lengths) yield await Promise.resolve(new Uint8Array(length));
  }

  it("cuts chunks of any size into full pieces and marks the last", async () => {
    const cuts: [chunks: number[], pieces: string][] = [
      [[], "0!"],
      [[3], "3!"],
      [[4], "4!"],
      [[4, 4], "4 4!"],
      [[1, 9, 0, 3], "4 4 4 1!"],
    ];
    for (const [chunks, expected] of cuts) {
      const pieces = await allOf(uploadPieces(chunksOf(...chunks), 4));
      const seen = pieces.map(({ bytes, isLast }) => `${bytes.length}${isLast ? "!" : ""}`);
      expect(seen.join(" ")).to.equal(expected);
    }
  });
});

describe("an upload in pieces", () => {
  interface ScriptedAnswer {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  }

  let server: http.Server;
  let url: string;
  let requests: string[];
  let answers: ScriptedAnswer[];

  beforeEach(async () => {
    requests = [];
    server = http.createServer((incoming, response) => {
      incoming.resume().on("end", () => {
        requests.push(`${incoming.method} ${incoming.headers["content-range"] ?? ""}`.trim());
        const { status, headers, body } = answers.shift() ?? { status: 599 };
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function write(...later: readonly ScriptedAnswer[]): Promise<unknown> {
    answers = [{ status: 200, headers: { location: `${url}/session` } }, ...later];
    const store = createCloudStorageStore({
      apiEndpoint: url,
      retry: { initialDelayMs: 1, maxDelayMs: 1, maxAttempts: 3 },
    });
    return store.write("gs://bucket/x", Buffer.alloc(piece + 10));
  }

  function incomplete(persisted: number): ScriptedAnswer {
    return { status: 308, headers: { range: `bytes=0-${persisted - 1}` } };
  }

  const done = { status: 200, body: '{"name":"x","generation":"7","size":"1"}' };

  it("goes on where the service has it, if that is within a piece", async () => {
    await write(incomplete(1000), incomplete(piece), incomplete(piece + 4), done);
    expect(requests).to.deep.equal([
      "POST",
      `PUT bytes 0-${piece - 1}/*`,
      `PUT bytes 1000-${piece - 1}/*`,
      `PUT bytes ${piece}-${piece + 9}/${piece + 10}`,
      `PUT bytes ${piece + 4}-${piece + 9}/${piece + 10}`,
    ]);
  });

  it("asks how far it came after a transient error", async () => {
    await write({ status: 503 }, { status: 503 }, incomplete(piece), done);
    expect(requests.slice(1, 4)).to.deep.equal([
      `PUT bytes 0-${piece - 1}/*`,
      "PUT bytes */*",
      "PUT bytes */*",
    ]);
  });

  it("gives up a service that takes nothing", async () => {
    const nothing = { status: 308 };
    await expectReason(write(nothing, nothing, nothing, nothing, nothing), "unavailable");
    expect(requests.length).to.be.at.most(7);
  });

  it("fails when the service loses bytes, or the whole upload", async () => {
    await expectReason(write(incomplete(piece), incomplete(5)), "unknown");
    for (const status of [404, 410]) await expectReason(write({ status }), "unavailable");
  });

  it("removes what arrived damaged", async () => {
    const damaged = { status: 200, body: '{"crc32c":"AAAAAA==","generation":"7"}' };
    await expectReason(write(incomplete(piece), damaged, { status: 204 }), "corrupt");
    expect(requests.at(-1)).to.equal("DELETE");
  });
});
