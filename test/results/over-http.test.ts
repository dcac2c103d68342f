import { expect } from "chai";
import { gzipSync } from "node:zlib";
import { readResults } from "../../src/results/index.ts";
import { createCloudStorageStore } from "../../src/storage/index.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import {
  startStorageServer,
  until,
  type StorageServer,
} from "../emulator/storage/storage-server.ts";
import { rejection } from "../fixtures/rejection.ts";
import { imageResponse, prefix, readAll, toShards } from "./shard-fixtures.ts";

/** Larger than what lies in sockets, so that an answer that is not read stays open. */
const large = "x".repeat(4_000_000);

describe("readResults over HTTP", () => {
  let server: StorageServer;
  let store: ObjectStore;

  beforeEach(async () => {
    server = await startStorageServer();
    store = createCloudStorageStore({
      apiEndpoint: server.url,
      retry: { initialDelayMs: 1, maxDelayMs: 2, maxAttempts: 4 },
    });
  });

  afterEach(async () => {
    await server.close();
  });

  async function write(count: number, description: string): Promise<void> {
    const responses = Array.from({ length: count }, (_, index) =>
      imageResponse(`gs://in/${index}`, description),
    );
    for (const [uri, text] of Object.entries(toShards(responses, [4]))) {
      await store.write(uri, Buffer.from(text));
    }
  }

  for (const maxBufferedBytes of [1000, 64 * 1024 * 1024]) {
    const how = maxBufferedBytes === 1000 ? "in pieces" : "whole";

    it(`ends every answer on break, of shards that are read ${how}`, async () => {
      await write(12, large);
      let most = 0;
      for await (const record of readResults(store, prefix, { maxBufferedBytes, prefetch: 3 })) {
        most = Math.max(most, server.answering.size);
        if (record.index === 1) break;
      }
      await until(() => server.answering.size === 0);
      if (maxBufferedBytes === 1000) expect(most).to.be.greaterThan(0);
    });

    it(`ends every answer on abort, of shards that are read ${how}`, async () => {
      await write(12, large);
      const controller = new AbortController();
      const reason = new Error("enough");
      const reading = (async () => {
        const options = { maxBufferedBytes, signal: controller.signal };
        for await (const record of readResults(store, prefix, options)) {
          if (record.index === 1) controller.abort(reason);
        }
      })();
      expect(await rejection(reading)).to.equal(reason);
      await until(() => server.answering.size === 0);
    });

    it(`goes on where a connection dropped, of shards that are read ${how}`, async () => {
      await write(3, large);
      server.fault = ({ method }, nth) =>
        method === "objects.get" && nth < 3
          ? { dropConnection: "afterBytes", afterBytes: 1_500_000 }
          : undefined;
      const { records } = await readAll(store, prefix, { maxBufferedBytes });
      expect(records).to.have.length(3);
      expect(server.calls.filter(({ method }) => method === "objects.get")).to.have.length(3);
    });
  }

  it("reads a gzip shard as it is stored", async () => {
    const [[uri, text] = ["", ""]] = Object.entries(toShards([imageResponse("gs://in/a")], [1]));
    const options = { contentEncoding: "gzip", contentType: "application/json" };
    await store.write(uri, gzipSync(text), options);
    const { records, manifest } = await readAll(store, prefix);
    expect(records).to.have.length(1);
    expect(manifest.bytes).to.equal(text.length);
  });
});
