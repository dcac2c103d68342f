import { expect } from "chai";
import fs from "node:fs";
import { PassThroughClient } from "google-auth-library";
import path from "node:path";
import type { StorageError } from "../../src/errors/index.ts";
import type { CloudStorageOptions } from "../../src/storage/cloud-storage-options.ts";
import { createCloudStorageStore } from "../../src/storage/cloud-storage-store.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";
import {
  startStorageServer,
  until,
  type StorageServer,
} from "../emulator/storage/storage-server.ts";
import { bytesOf, describeObjectStore, expectReason, rejection } from "./object-store-contract.ts";

const content = Buffer.from(
  Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 131 + (at >> 7)) & 0xff),
);

/** How a server is reached: as an emulator, or as the service, by a client that may add credentials. */
const ways: Readonly<Record<string, (url: string) => CloudStorageOptions>> = {
  "an emulator": (apiEndpoint) => ({ apiEndpoint }),
  "the service": (url) => ({ apiEndpoint: service, authClient: new ClientOf(url) }),
};

const service = "https://storage.test";

/** Google's own client, but for where the service is. */
class ClientOf extends PassThroughClient {
  readonly #url: string;

  constructor(url: string, options: ConstructorParameters<typeof PassThroughClient>[0] = {}) {
    super(options);
    this.#url = url;
  }

  override request<T>(options: Parameters<PassThroughClient["request"]>[0]) {
    const url = String(options.url).replace(service, this.#url);
    return super.request<T>({ ...options, url });
  }
}

for (const [way, optionsOf] of Object.entries(ways)) {
  describe(`createCloudStorageStore at ${way}`, () => {
    let server: StorageServer;
    let store: ObjectStore;

    beforeEach(async () => {
      server = await startStorageServer();
      store = createCloudStorageStore({
        ...optionsOf(server.url),
        retry: { initialDelayMs: 1, maxDelayMs: 2, maxAttempts: 4 },
      });
    });

    afterEach(async () => {
      await server.close();
    });

    describeObjectStore(() => store);

    const uri = "gs://bucket/x";

    function countOf(method: string): number {
      return server.calls.filter((call) => call.method === method).length;
    }

    it("tells the CRC32C of what it wrote, listed and looked at", async () => {
      const written = await store.write(uri, Buffer.from("hello"));
      expect(written.crc32c).to.equal("mnG7TA==");
      for await (const listed of store.list("gs://bucket/")) expect(listed).to.deep.equal(written);
      expect(await store.stat(uri)).to.deep.equal(written);
    });

    it("goes on at its offset when the connection drops, and the bytes are right", async () => {
      await store.write(uri, content);
      server.fault = ({ method }, nth) => {
        if (method !== "objects.get" || nth > 3) return undefined;
        return { dropConnection: "afterBytes", afterBytes: nth * 300_000 + 7 };
      };
      expect((await bytesOf(store.read(uri))).equals(content)).to.equal(true);
      expect(countOf("objects.get")).to.equal(4);
    });

    it("goes on at its offset within a range", async () => {
      await store.write(uri, content);
      server.fault = ({ method }, nth) =>
        method === "objects.get" && nth === 1
          ? { dropConnection: "afterBytes", afterBytes: 1000 }
          : undefined;
      const range = { start: 500, end: 99_999 };
      const read = await bytesOf(store.read(uri, range));
      expect(read.equals(content.subarray(500, 100_000))).to.equal(true);
      expect(countOf("objects.get")).to.equal(2);
    });

    it("does not go on with another generation than it began with", async () => {
      await store.write(uri, content);
      server.fault = ({ method }, nth) =>
        method === "objects.get" && nth === 1
          ? { dropConnection: "afterBytes", afterBytes: 100_000 }
          : undefined;
      const chunks: Uint8Array[] = [];
      const reading = (async () => {
        for await (const chunk of store.read(uri)) {
          if (chunks.length === 0) await store.write(uri, Buffer.from("another"));
          chunks.push(chunk);
        }
      })();
      await expectReason(reading, "notFound");
      const read = Buffer.concat(chunks);
      expect(read.equals(content.subarray(0, read.length))).to.equal(true);
    });

    it("tries again what ends in a transient status, and gives up after the attempts it has", async () => {
      await store.write(uri, Buffer.from("x"));
      const transient = [408, 429, 500, 502, 503, 504];
      server.fault = ({ method }, nth) => {
        const httpStatus = method === "objects.get" ? transient[nth % 3] : undefined;
        return httpStatus === undefined || nth > 3
          ? undefined
          : { status: { httpStatus, message: "later" } };
      };
      expect(await store.stat(uri)).to.include({ size: 1 });
      expect(countOf("objects.get")).to.equal(4);
      server.fault = () => ({ status: { httpStatus: 503, message: "never" } });
      for (const call of [store.stat(uri), bytesOf(store.read(uri)), store.delete(uri)]) {
        await expectReason(call, "unavailable");
      }
      expect(countOf("objects.get")).to.equal(12);
    });

    it("does not try again what is permanent", async () => {
      for (const [httpStatus, reason] of [
        [401, "permissionDenied"],
        [403, "permissionDenied"],
        [400, "invalidArgument"],
        [412, "preconditionFailed"],
      ] as const) {
        server.calls.length = 0;
        server.fault = () => ({ status: { httpStatus, message: "no" } });
        await expectReason(bytesOf(store.read(uri)), reason);
        await expectReason(store.stat(uri), reason);
        expect(server.calls).to.have.length(2);
      }
    });

    it("tells the server's own message and keeps the cause", async () => {
      server.fault = () => ({
        status: { httpStatus: 403, message: "caller lacks storage.objects.get" },
      });
      const error = (await rejection(store.stat(uri))) as StorageError;
      expect(error.message).to.include("caller lacks storage.objects.get");
      expect(error.uri).to.equal(uri);
      expect(error.cause).to.be.instanceOf(Error);
    });

    it("finds damaged content by its CRC32C", async () => {
      await store.write(uri, Buffer.from("0123456789"), { contentType: "text/x-odd" });
      const file = path.join(server.root, "bucket", "x");
      const { atime, mtimeMs } = fs.statSync(file);
      fs.writeFileSync(file, "012345678X");
      fs.utimesSync(file, atime, mtimeMs / 1000);
      await expectReason(bytesOf(store.read(uri)), "corrupt");
      expect(String(await bytesOf(store.read(uri, { start: 8 })))).to.equal("8X");
    });

    it("writes again after a lost answer, but not where it has a condition", async () => {
      server.fault = ({ method }, nth) =>
        method === "objects.insert" && nth % 2 === 1
          ? { when: "after", dropConnection: "before" }
          : undefined;
      await store.write(uri, Buffer.from("x"));
      expect(countOf("objects.insert")).to.equal(2);
      const conditional = store.write("gs://bucket/y", Buffer.from("y"), {
        ifGenerationMatch: "0",
      });
      await expectReason(conditional, "unavailable");
      expect(countOf("objects.insert")).to.equal(3);
    });

    it("tells that it deleted what was gone after a lost answer", async () => {
      await store.write(uri, Buffer.from("x"));
      server.fault = ({ method }, nth) =>
        method === "objects.delete" && nth === 1
          ? { when: "after", dropConnection: "before" }
          : undefined;
      expect(await store.delete(uri)).to.equal(true);
      expect(await store.delete(uri)).to.equal(false);
    });

    it("writes what is over 8 MiB in pieces, and goes on where the connection broke", async () => {
      const large = Buffer.concat(Array.from({ length: 7 }, () => content));
      server.fault = (_call, nth) =>
        nth === 3 ? { dropConnection: "afterBytes", afterBytes: 1_000_000 } : undefined;
      const written = await store.write(uri, large, { contentType: "image/tiff" });
      expect(written).to.include({ size: large.length, contentType: "image/tiff" });
      // The session, three pieces, one of them broken: a question how far it came, and its rest.
      expect(countOf("objects.insert")).to.equal(6);
      expect((await bytesOf(store.read(uri))).equals(large)).to.equal(true);
    });

    it("refuses to overwrite in pieces what does not match", async () => {
      await store.write(uri, Buffer.from("x"));
      const large = Buffer.alloc(9 * 1024 * 1024);
      const writing = store.write(uri, large, { ifGenerationMatch: "0" });
      await expectReason(writing, "preconditionFailed");
    });

    it("closes the connection when the reader breaks off", async () => {
      await store.write(uri, Buffer.concat(Array.from({ length: 3 }, () => content)));
      for await (const chunk of store.read(uri)) {
        expect(chunk.length).to.be.greaterThan(0);
        expect(server.answering.size).to.equal(1);
        break;
      }
      await until(() => server.answering.size === 0);
    });

    it("closes the connection when a read is aborted between and while it waits", async () => {
      await store.write(uri, Buffer.concat(Array.from({ length: 3 }, () => content)));
      const controller = new AbortController();
      const reason = new Error("stop reading");
      const reading = (async () => {
        for await (const chunk of store.read(uri, { signal: controller.signal })) {
          if (chunk.length > 0) controller.abort(reason);
        }
      })();
      expect(await rejection(reading)).to.equal(reason);
      await until(() => server.answering.size === 0);
    });

    it("closes the connection when a call is aborted before it is answered", async () => {
      const large = Buffer.alloc(9 * 1024 * 1024);
      const reason = new Error("enough waited");
      // Once the body is read: a server that does not read does not see a connection close either.
      const held = { when: "after", delayMs: 600_000 } as const;
      const cases: [calls: number, start: (signal: AbortSignal) => Promise<unknown>][] = [
        [1, (signal) => store.stat(uri, { signal })],
        [1, (signal) => bytesOf(store.read(uri, { signal }))],
        [1, (signal) => store.delete(uri, { signal })],
        [1, (signal) => store.write(uri, Buffer.from("y"), { signal })],
        [1, (signal) => store.write(uri, large, { signal })],
        [2, (signal) => store.write(uri, large, { signal })],
      ];
      for (const [calls, start] of cases) {
        server.calls.length = 0;
        server.fault = () => (server.calls.length < calls ? undefined : held);
        const controller = new AbortController();
        const outcome = rejection(start(controller.signal));
        await until(() => server.calls.length === calls && server.answering.size === 1);
        controller.abort(reason);
        expect(await outcome).to.equal(reason);
        await until(() => server.answering.size === 0);
      }
    });

    it("stops waiting for another attempt when it is aborted", async () => {
      const patient = createCloudStorageStore({
        ...optionsOf(server.url),
        retry: { initialDelayMs: 600_000, maxDelayMs: 600_000 },
      });
      server.fault = () => ({ status: { httpStatus: 503, message: "later" } });
      const controller = new AbortController();
      const outcome = rejection(patient.stat(uri, { signal: controller.signal }));
      await until(() => server.calls.length === 1 && server.answering.size === 0);
      controller.abort(new Error("no more"));
      expect(await outcome).to.have.property("message", "no more");
    });

    it("gives up a server that says nothing", async () => {
      const hasty = createCloudStorageStore({
        ...optionsOf(server.url),
        idleTimeoutMs: 30,
        retry: { initialDelayMs: 1, maxAttempts: 2 },
      });
      server.fault = () => ({ delayMs: 600_000 });
      await expectReason(hasty.stat(uri), "unavailable");
      await expectReason(bytesOf(hasty.read(uri)), "unavailable");
      expect(server.calls).to.have.length(4);
      await until(() => server.answering.size === 0);
    });

    it("is unavailable where nobody listens", async () => {
      const nobody = createCloudStorageStore({
        ...optionsOf("http://127.0.0.1:1"),
        retry: { maxAttempts: 1 },
      });
      await expectReason(nobody.stat(uri), "unavailable");
    });
  });
}

describe("createCloudStorageStore", () => {
  const uri = "gs://bucket/x";
  let server: StorageServer;

  beforeEach(async () => {
    server = await startStorageServer();
  });

  afterEach(async () => {
    await server.close();
  });

  it("rejects the call, and nothing else, where no credentials can be had", async () => {
    const missing = path.join(server.root, "no-such-key.json");
    for (const options of [{ keyFilename: missing }, {}]) {
      const remote = createCloudStorageStore({ ...options, apiEndpoint: "https://127.0.0.1:1" });
      await expectReason(remote.stat(uri), "permissionDenied");
      await expectReason(bytesOf(remote.read(uri)), "permissionDenied");
    }
  });

  it("ends quietly when the reader breaks off what the platform's own fetch brings", async () => {
    const transporterOptions = { fetchImplementation: fetch };
    const store = createCloudStorageStore({
      apiEndpoint: service,
      authClient: new ClientOf(server.url, { transporterOptions }),
    });
    await store.write(uri, Buffer.concat([content, content, content]));
    for await (const chunk of store.read(uri)) {
      expect(chunk.length).to.be.greaterThan(0);
      break;
    }
    await until(() => server.answering.size === 0);
  });

  it("reaches an emulator past the proxies of the environment", async () => {
    const before = process.env["HTTP_PROXY"];
    process.env["HTTP_PROXY"] = "http://127.0.0.1:1";
    try {
      const { size } = await createCloudStorageStore({ apiEndpoint: server.url }).write(
        uri,
        Buffer.from("x"),
      );
      expect(size).to.equal(1);
    } finally {
      if (before === undefined) delete process.env["HTTP_PROXY"];
      else process.env["HTTP_PROXY"] = before;
    }
  });

  describe("found by the environment", () => {
    const names = ["VISION_EMULATOR_HTTP", "STORAGE_EMULATOR_HOST"] as const;
    const before = new Map(names.map((name) => [name, process.env[name]]));

    afterEach(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });

    for (const name of names) {
      it(`honours ${name}, with and without a scheme`, async () => {
        for (const value of [server.url, server.url.replace("http://", "")]) {
          for (const other of names) delete process.env[other];
          process.env[name] = value;
          const found = createCloudStorageStore();
          await found.write(uri, Buffer.from("x"));
          expect(await found.stat(uri)).to.include({ size: 1 });
        }
      });
    }
  });
});
