import { expect } from "chai";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { startStorageServer, until, type StorageServer } from "./storage-server.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

describe("createStorageHandler", () => {
  let server: StorageServer;

  beforeEach(async () => {
    server = await startStorageServer();
  });

  afterEach(async () => {
    await server.close();
  });

  async function call(method: string, url: string, init: RequestInit = {}): Promise<Answer> {
    const { status, headers, ...rest } = await send(method, url, init);
    return { status, headers, text: await rest.text() };
  }

  async function send(
    method: string,
    url: string,
    init: RequestInit,
  ): Promise<{ status: number; headers: Headers; text: () => Promise<string> }> {
    const response = await fetch(new URL(url, server.url), { method, ...init });
    const { status, headers } = response;
    return { status, headers, text: () => response.text() };
  }

  async function put(
    name: string,
    body: string | Uint8Array<ArrayBuffer>,
    query = "",
  ): Promise<Answer> {
    const encoded = encodeURIComponent(name);
    const url = `/upload/storage/v1/b/bucket/o?uploadType=media&name=${encoded}${query}`;
    return call("POST", url, { body, headers: { "content-type": "text/plain" } });
  }

  function json(answer: Answer): Record<string, unknown> {
    return JSON.parse(answer.text) as Record<string, unknown>;
  }

  describe("handles", () => {
    it("knows the URLs of the service, and leaves others alone", async () => {
      await put("x", "");
      for (const url of [
        "/storage/v1/b",
        "/storage/v1/b/bucket/o/x%2Fy?alt=media",
        "/b/bucket/o?prefix=a",
        "/b",
        "/upload/storage/v1/b/bucket/o?uploadType=media",
        "/resumable/upload/storage/v1/b/bucket/o",
        "/download/storage/v1/b/bucket/o/x",
        "/storage/v1/projects/p/hmacKeys",
        "/bucket/deep/er/x",
      ]) {
        expect(server.handler.handles(url), url).to.equal(true);
      }
      for (const url of [
        "/",
        "/v1/images:annotate",
        "/v1/operations/1",
        "/absent-bucket/x",
        "/bucket",
        "/bc",
      ]) {
        expect(server.handler.handles(url), url).to.equal(false);
      }
    });
  });

  describe("media", () => {
    it("tells what a client needs to check and to go on", async () => {
      await put("x", "hello");
      const { headers, text } = await call("GET", "/storage/v1/b/bucket/o/x?alt=media");
      expect(text).to.equal("hello");
      expect(headers.get("x-goog-hash")).to.equal("crc32c=mnG7TA==,md5=XUFAKrxLKna5cZ2REBfFkg==");
      expect(headers.get("x-goog-generation")).to.match(/^\d{16}$/);
      expect(headers.get("x-goog-stored-content-encoding")).to.equal("identity");
      expect(headers.get("content-type")).to.equal("text/plain");
    });

    it("answers ranges with 206, and 416 where there is nothing of them", async () => {
      await put("x", "0123456789");
      const get = (range: string): Promise<Answer> =>
        call("GET", "/download/storage/v1/b/bucket/o/x?alt=media", { headers: { range } });
      const cases = [
        ["bytes=2-4", 206, "234", "bytes 2-4/10"],
        ["bytes=8-", 206, "89", "bytes 8-9/10"],
        ["bytes=-3", 206, "789", "bytes 7-9/10"],
        ["bytes=0-99", 206, "0123456789", "bytes 0-9/10"],
        ["bytes=4-2", 200, "0123456789", null],
        ["lines=1-2", 200, "0123456789", null],
      ] as const;
      for (const [range, status, text, contentRange] of cases) {
        const answer = await get(range);
        expect(answer, range).to.include({ status, text });
        expect(answer.headers.get("content-range"), range).to.equal(contentRange);
      }
      const none = await get("bytes=10-");
      expect(none.status).to.equal(416);
      expect(none.headers.get("content-range")).to.equal("bytes */10");
    });

    it("unzips for who does not accept gzip, unless it may not be transformed", async () => {
      const get = async (name: string): Promise<Answer> =>
        call("GET", `/b/bucket/o/${name}?alt=media`, {
          headers: { "accept-encoding": "identity" },
        });
      const zipped = new Uint8Array(gzipSync("plain"));
      await put("z", zipped, "&contentEncoding=gzip");
      expect(await get("z")).to.include({ text: "plain" });
      const body = JSON.stringify({ cacheControl: "no-transform" });
      await call("PATCH", "/b/bucket/o/z", { body });
      const kept = await get("z");
      expect(kept.headers.get("content-encoding")).to.equal("gzip");
    });

    it("sends attributes beyond ASCII as UTF-8", async () => {
      await put("x", "content");
      const contentDisposition = 'attachment; filename="日本.png"';
      const body = JSON.stringify({ contentDisposition });
      await call("PATCH", "/b/bucket/o/x", { body });
      const { headers, text } = await call("GET", "/bucket/x");
      const sent = Buffer.from(headers.get("content-disposition") ?? "", "latin1");
      expect({ sent: sent.toString(), text }).to.deep.equal({
        sent: contentDisposition,
        text: "content",
      });
    });

    it("answers HEAD without a body", async () => {
      await put("x", "hello");
      const head = await call("HEAD", "/bucket/x");
      expect(head).to.include({ status: 200, text: "" });
      expect(head.headers.get("content-length")).to.equal("5");
    });

    it("serves a file that was dropped in by hand", async () => {
      fs.mkdirSync(path.join(server.root, "bucket", "in"), { recursive: true });
      fs.writeFileSync(path.join(server.root, "bucket", "in", "photo 1.png"), "pixels");
      const found = json(await call("GET", "/storage/v1/b/bucket/o/in%2Fphoto%201.png"));
      expect(found).to.include({ contentType: "image/png", size: "6", metageneration: "1" });
      const media = await call("GET", "/storage/v1/b/bucket/o/in%2Fphoto%201.png?alt=media");
      expect(media.text).to.equal("pixels");
    });
  });

  describe("conditions", () => {
    it("answers 412 where one is not met, and 304 where one asks for a change", async () => {
      const { generation = "" } = json(await put("x", "1")) as { generation?: string };
      const get = async (condition: string): Promise<number> =>
        (await call("GET", `/b/bucket/o/x?alt=media&${condition}`)).status;
      expect(await get(`ifGenerationMatch=${generation}`)).to.equal(200);
      expect(await get("ifGenerationMatch=1")).to.equal(412);
      expect(await get(`ifGenerationNotMatch=${generation}`)).to.equal(304);
      expect(await get("ifMetagenerationMatch=2")).to.equal(412);
      expect(await get("ifMetagenerationNotMatch=1")).to.equal(304);
      expect(await get("ifGenerationMatch=one")).to.equal(400);
      expect((await put("x", "2", "&ifGenerationMatch=0")).status).to.equal(412);
      expect((await put("new", "2", "&ifGenerationNotMatch=0")).status).to.equal(412);
    });
  });

  describe("errors", () => {
    it("have the shape of the JSON API", async () => {
      await put("x", "");
      const answer = await call("GET", "/storage/v1/b/bucket/o/absent");
      expect(answer.status).to.equal(404);
      const { error } = json(answer) as { error: { code: number; errors: { reason: string }[] } };
      expect(error.code).to.equal(404);
      expect(error.errors[0]?.reason).to.equal("notFound");
    });

    it("tell what is not emulated, not allowed or not right", async () => {
      const statuses = async (method: string, url: string, body?: string): Promise<number> =>
        (await call(method, url, body === undefined ? {} : { body })).status;
      expect(await statuses("GET", "/storage/v1/b/bucket/iam")).to.equal(501);
      expect(await statuses("DELETE", "/storage/v1/b")).to.equal(405);
      expect(await statuses("POST", "/storage/v1/b", "[]")).to.equal(400);
      expect(await statuses("POST", "/storage/v1/b", '{"name":"UPPER"}')).to.equal(400);
      expect(await statuses("POST", "/upload/storage/v1/b/bucket/o?uploadType=media")).to.equal(
        400,
      );
      expect(await statuses("POST", "/upload/storage/v1/b/bucket/o?name=x")).to.equal(400);
      expect(await statuses("GET", "/b/bucket/o?pageToken=nonsense")).to.equal(400);
      expect(await statuses("GET", "/b/bucket/o?maxResults=0")).to.equal(400);
      expect(await statuses("GET", "/b?maxResults=-1")).to.equal(400);
      expect(await statuses("GET", "/b/bucket/o?fields=items(name")).to.equal(400);
    });

    it("refuse attributes that no header holds, wherever they stand", async () => {
      await put("x", "");
      const bad = "text/plain\r\nx-evil: 1";
      const body = JSON.stringify({ contentType: bad });
      expect((await call("PATCH", "/b/bucket/o/x", { body })).status).to.equal(400);
      const query = `&contentEncoding=${encodeURIComponent(bad)}`;
      expect((await put("x", "", query)).status).to.equal(400);
      expect((await call("GET", "/bucket/x")).headers.get("content-type")).to.equal("text/plain");
    });

    it("answer a write to an absent bucket with 404 where none is made", async () => {
      const strict = await startStorageServer({ createBuckets: false });
      try {
        for (const type of ["media", "resumable"]) {
          const url = `${strict.url}/upload/storage/v1/b/absent/o?name=x&uploadType=${type}`;
          expect((await fetch(url, { method: "POST", body: "" })).status, type).to.equal(404);
        }
        expect(fs.readdirSync(strict.root)).to.deep.equal([]);
      } finally {
        await strict.close();
      }
    });
  });

  describe("multipart uploads", () => {
    function multipart(boundary: string, lines: readonly string[]): Promise<Answer> {
      return call("POST", "/upload/storage/v1/b/bucket/o?uploadType=multipart", {
        headers: { "content-type": `multipart/related; boundary="${boundary}"` },
        body: lines.join("\r\n"),
      });
    }

    it("take content that looks like its own boundary", async () => {
      const content = "--edg\r\n--edge\r-\r\n\r\n-edge";
      const answer = await multipart("edge!", [
        "--edge!",
        "content-type: application/json",
        "",
        '{"name":"tricky","metadata":{"k":"v"}}',
        "--edge!",
        "Content-Type: text/x-odd",
        "",
        content,
        "--edge!--",
      ]);
      expect(json(answer)).to.deep.include({ contentType: "text/x-odd", metadata: { k: "v" } });
      expect((await call("GET", "/bucket/tricky")).text).to.equal(content);
    });

    it("are refused when they end early, and leave nothing", async () => {
      const answer = await multipart("edge", ["--edge", "", '{"name":"cut"}', "--edge", "", "con"]);
      expect(answer.status).to.equal(400);
      expect(fs.readdirSync(path.join(server.root, "bucket"))).to.deep.equal([".vision-batch"]);
    });

    it("are refused when the checksum that the client gave differs", async () => {
      for (const sum of ['"crc32c":"AAAAAA=="', '"md5Hash":"AAAA"']) {
        const answer = await multipart("e", [
          "--e",
          "",
          `{"name":"x",${sum}}`,
          "--e",
          "",
          "y",
          "--e--",
        ]);
        expect(answer.status).to.equal(400);
      }
      expect((await call("GET", "/b/bucket/o/x")).status).to.equal(404);
    });
  });

  describe("resumable uploads", () => {
    async function begin(query = ""): Promise<string> {
      const url = `/upload/storage/v1/b/bucket/o?uploadType=resumable&name=r${query}`;
      const answer = await call("POST", url, {
        body: '{"contentType":"text/x-odd"}',
        headers: { "content-type": "application/json" },
      });
      return answer.headers.get("location") ?? "";
    }

    function piece(location: string, range: string, body = ""): Promise<Answer> {
      return call("PUT", location, { body, headers: { "content-range": range } });
    }

    it("answer 308 with what they have, until they have all", async () => {
      const location = await begin();
      const none = await piece(location, "bytes */*");
      expect(none.status).to.equal(308);
      expect(none.headers.get("range")).to.equal(null);
      const first = await piece(location, "bytes 0-3/*", "0123");
      expect(first).to.include({ status: 308 });
      expect(first.headers.get("range")).to.equal("bytes=0-3");
      expect((await piece(location, "bytes */*")).headers.get("range")).to.equal("bytes=0-3");
      const last = await piece(location, "bytes 4-5/6", "45");
      expect(json(last)).to.include({ size: "6", contentType: "text/x-odd" });
      expect(json(await piece(location, "bytes */6"))).to.include({ size: "6" });
      expect((await call("GET", "/bucket/r")).text).to.equal("012345");
    });

    it("pass over bytes that they have, and refuse a gap", async () => {
      const location = await begin();
      await piece(location, "bytes 0-3/*", "0123");
      expect((await piece(location, "bytes 9-9/10", "9")).status).to.equal(400);
      await piece(location, "bytes 2-5/6", "2345");
      expect((await call("GET", "/bucket/r")).text).to.equal("012345");
    });

    it("end with `bytes 0-*/*`, with a total that is reached, and empty", async () => {
      const whole = await piece(await begin(), "bytes 0-*/*", "whole");
      expect(json(whole)).to.include({ size: "5" });
      const location = await begin();
      await piece(location, "bytes 0-1/*", "ab");
      expect(json(await piece(location, "bytes */2"))).to.include({ size: "2" });
      expect(json(await piece(await begin(), "bytes */0"))).to.include({ size: "0" });
      expect(json(await call("PUT", await begin(), { body: "plain" }))).to.include({ size: "5" });
    });

    it("look at their conditions when they begin and again when they end", async () => {
      const location = await begin("&ifGenerationMatch=0");
      await put("r", "overtaken");
      expect((await piece(location, "bytes 0-*/*", "late")).status).to.equal(412);
      expect((await piece(location, "bytes */*")).status).to.equal(410);
      const again = "/upload/storage/v1/b/bucket/o?uploadType=resumable&name=r&ifGenerationMatch=0";
      expect((await call("POST", again)).status).to.equal(412);
    });

    it("are aborted by DELETE and leave nothing", async () => {
      const location = await begin();
      await piece(location, "bytes 0-3/*", "0123");
      expect((await call("DELETE", location)).status).to.equal(499);
      expect((await piece(location, "bytes */*")).status).to.equal(404);
      const left = fs.readdirSync(path.join(server.root, "bucket", ".vision-batch", "unfinished"));
      expect(left).to.deep.equal([]);
    });

    it("keep what came before the connection broke", async () => {
      const location = await begin();
      server.fault = () => ({ dropConnection: "afterBytes", afterBytes: 5 });
      const error = await piece(location, "bytes 0-*/*", "0123456789").catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(TypeError);
      server.fault = () => undefined;
      expect((await piece(location, "bytes */*")).headers.get("range")).to.equal("bytes=0-4");
      await piece(location, "bytes 5-9/10", "56789");
      expect((await call("GET", "/bucket/r")).text).to.equal("0123456789");
    });
  });

  describe("listings", () => {
    async function names(query: string): Promise<string[]> {
      const { items = [] } = json(await call("GET", `/b/bucket/o?${query}`)) as {
        items?: { name: string }[];
      };
      return items.map(({ name }) => name);
    }

    it("go on after writes between the pages, and show what was written behind them", async () => {
      for (const name of ["a", "b", "c", "d"]) await put(name, "");
      const first = json(await call("GET", "/b/bucket/o?maxResults=2"));
      expect(first["nextPageToken"]).to.be.a("string");
      await put("bb", "");
      await call("DELETE", "/b/bucket/o/c");
      const token = `pageToken=${String(first["nextPageToken"])}`;
      expect(await names(token)).to.deep.equal(["bb", "d"]);
      expect(await names(token)).to.deep.equal(["bb", "d"]);
    });

    it("fold by any delimiter and keep the folder's own object where asked", async () => {
      for (const name of ["x/", "x/1", "x--y", "x--z"]) await put(name, "");
      const folded = json(await call("GET", "/b/bucket/o?delimiter=--"));
      expect(folded["prefixes"]).to.deep.equal(["x--"]);
      expect(await names("delimiter=/&includeTrailingDelimiter=true")).to.deep.equal([
        "x--y",
        "x--z",
        "x/",
      ]);
    });

    it("match globs", async () => {
      for (const name of ["a.txt", "b/a.txt", "b/c/a.txt", "b/[x]", "abc"]) await put(name, "");
      const match = (glob: string): Promise<string[]> =>
        names(`matchGlob=${encodeURIComponent(glob)}`);
      expect(await match("*.txt")).to.deep.equal(["a.txt"]);
      expect(await match("**a.txt")).to.have.length(3);
      expect(await match("b/**")).to.have.length(3);
      expect(await match("a[b-d]?")).to.deep.equal(["abc"]);
      expect(await match("a[!b-d]*")).to.deep.equal(["a.txt"]);
      expect(await match("b/\\[x\\]")).to.deep.equal(["b/[x]"]);
      expect(await match("{abc,b/*}")).to.have.length(3);
    });

    it("show only the fields that are asked for", async () => {
      await put("x", "1", "");
      const list = json(await call("GET", "/b/bucket/o?fields=kind,items(name,size)"));
      expect(list).to.deep.equal({ kind: "storage#objects", items: [{ name: "x", size: "1" }] });
      const one = json(await call("GET", "/b/bucket/o/x?fields=name,metadata/k"));
      expect(one).to.deep.equal({ name: "x" });
    });
  });

  describe("faults", () => {
    const url = "/b/bucket/o/x?alt=media";

    it("tell the interceptor what is called", async () => {
      await put("a/b", "x");
      await call("GET", "/storage/v1/b/bucket/o/a%2Fb");
      expect(server.calls).to.deep.equal([
        { service: "storage", method: "objects.insert", bucket: "bucket", object: "a/b" },
        { service: "storage", method: "objects.get", bucket: "bucket", object: "a/b" },
      ]);
    });

    it("answer a status before or after the call takes effect", async () => {
      for (const when of ["before", "after"] as const) {
        server.fault = ({ method }) =>
          method === "objects.insert"
            ? { when, status: { httpStatus: 503, code: "backendError", message: "injected" } }
            : undefined;
        const answer = await put(when, "x");
        expect(answer.status).to.equal(503);
        expect(answer.text).to.include("injected");
        const { status } = await call("GET", `/b/bucket/o/${when}`);
        expect(status).to.equal(when === "before" ? 404 : 200);
        await put("other", "");
      }
    });

    it("drop the connection before or after the call takes effect", async () => {
      for (const when of ["before", "after"] as const) {
        server.fault = ({ object }) =>
          object === when ? { when, dropConnection: "before" } : undefined;
        const error = await put(when, "x").catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(TypeError);
        const file = path.join(server.root, "bucket", when);
        expect(fs.existsSync(file)).to.equal(when === "after");
      }
    });

    it("drop the connection after exactly so many bytes of the answer", async () => {
      await put("x", "0123456789".repeat(20_000));
      for (const afterBytes of [0, 1, 65_537, 150_000]) {
        server.fault = () => ({ dropConnection: "afterBytes", afterBytes });
        const received = await new Promise<number>((resolve, reject) => {
          let count = 0;
          const request = http.get(new URL(url, server.url), (response) => {
            response.on("data", (chunk: Buffer) => (count += chunk.length));
            response.on("error", () => {
              resolve(count);
            });
            response.on("end", () => {
              reject(new Error("it ended well"));
            });
          });
          request.on("error", reject);
        });
        expect(received).to.equal(afterBytes);
      }
    });

    it("delay, but not for a client that went away", async () => {
      server.fault = () => ({ delayMs: 600_000 });
      const controller = new AbortController();
      const waiting = call("GET", url, { signal: controller.signal }).catch(() => undefined);
      await until(() => server.calls.length === 1);
      controller.abort();
      await waiting;
      await until(() => server.answering.size === 0);
    });
  });
});
