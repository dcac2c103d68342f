import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { annotateFiles } from "../../src/annotation/index.ts";
import { SubmitError, VisionBatchClient, type FileInput } from "../../src/index.ts";
import {
  AnnotateFileResponse,
  BatchAnnotateFilesResponse,
  type BatchAnnotateFilesRequest,
} from "../../src/protocol/v1.ts";
import { collect } from "../fixtures/collect.ts";
import { TestEmulator, until } from "../fixtures/emulator.ts";
import { startGrpcServer, type Answer } from "../fixtures/grpc-server.ts";
import { rejection } from "../fixtures/rejection.ts";
import { scriptedPort } from "./scripted-port.ts";

const features = ["DOCUMENT_TEXT_DETECTION"] as const;
const pdf = (name: string) => Buffer.from(`%PDF-1.7 ${name}`);
const responses = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    fullTextAnnotation: { text: `${name} ${index + 1}` },
  }));

describe("annotateFiles", () => {
  let emulator: TestEmulator;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-files-"));
    emulator = await TestEmulator.start({
      recordings: [],
      pages: {
        [pdf("long").toString()]: responses("long", 12),
        [pdf("short").toString()]: responses("short", 2),
        [pdf("five").toString()]: responses("five", 5),
      },
    });
    await emulator.put("gs://inputs/long.pdf", pdf("long"));
    await emulator.put("gs://inputs/untold", pdf("short"));
  });

  beforeEach(async () => {
    await emulator.emulator.admin.reset();
  });

  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });

  const open = () => new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc } });
  const textOf = (record: object) =>
    "response" in record
      ? (record.response as { fullTextAnnotation: { text: string } }).fullTextAnnotation.text
      : undefined;

  it("answers one record a page, every page once, in order, 5 pages a request", async () => {
    await using client = open();
    const inputs = [pdf("short"), "gs://inputs/long.pdf", pdf("five"), pdf("short")];
    const records = await collect(client.annotateFiles(inputs, { features }));
    expect(records.map(textOf)).to.deep.equal(
      [responses("short", 2), responses("long", 12), responses("five", 5), responses("short", 2)]
        .flat()
        .map(({ fullTextAnnotation: { text } }) => text),
    );
    expect(records.map(({ page }) => page)).to.deep.equal(
      [2, 12, 5, 2].flatMap((count) => Array.from({ length: count }, (_, index) => index + 1)),
    );
    expect(records[3]).to.include({ index: 1, uri: "gs://inputs/long.pdf", input: inputs[1] });
    expect(emulator.emulator.admin.calls("BatchAnnotateFiles")).to.equal(1 + 3 + 1 + 1);
  });

  it("does so with the versions that have files over REST alone", async () => {
    await using client = new VisionBatchClient({
      version: "v1p2beta1",
      transport: "rest",
      emulator: { rest: new URL(emulator.emulator.http).host },
    });
    const records = await collect(client.annotateFiles([pdf("long")], { features }));
    expect(records.map(textOf)).to.have.length(12).and.to.include("long 12");
  });

  it("annotates the pages that are asked for", async () => {
    await using client = open();
    const inputs = [
      { source: "gs://inputs/long.pdf", pages: [12, 1, 2, 3, 4, 5, 6, 1] },
      pdf("short"),
    ];
    const records = await collect(client.annotateFiles(inputs, { features, pages: [-1] }));
    expect(records.map(({ page }) => page)).to.deep.equal([12, 1, 2, 3, 4, 5, 6, 2]);
    expect(records.map(textOf).at(-1)).to.equal("short 2");
    expect(emulator.emulator.admin.calls("BatchAnnotateFiles")).to.equal(3);
  });

  it("asks for every page once, whatever the lengths of the files", async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 23 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 1, max: 5 }), async (counts, concurrency) => {
        const asked: string[] = [];
        let underWay = 0;
        const { port } = scriptedPort(async ({ requests: [one] }) => {
          expect(++underWay).to.be.at.most(concurrency);
          await new Promise((resolve) => setImmediate(resolve));
          underWay -= 1;
          const uri = one?.inputConfig?.gcsSource?.uri ?? "";
          const totalPages = counts[Number(uri.slice("gs://files/".length, -".pdf".length))] ?? 0;
          const first = Array.from({ length: Math.min(5, totalPages) }, (_, index) => index + 1);
          const pages = one?.pages?.length ? one.pages : first;
          asked.push(...pages.map((page) => `${uri} ${page}`));
          const answer = {
            totalPages,
            responses: pages.map((pageNumber) => ({ context: { uri, pageNumber } })),
          };
          return { responses: [AnnotateFileResponse.fromPartial(answer)] };
        });
        const left = new AbortController().signal;
        const inputs = counts.map((_, index) => `gs://files/${index}.pdf`);
        const options = { features, concurrency };
        const records = await collect(
          annotateFiles<"v1", FileInput>({ port, left }, inputs, options),
        );
        const expected = counts.flatMap((count, index) =>
          Array.from({ length: count }, (_, page) => `gs://files/${index}.pdf ${page + 1}`),
        );
        expect(records.map(({ uri, page }) => `${uri} ${page ?? 0}`)).to.deep.equal(expected);
        expect(asked).to.have.members(expected).and.to.have.length(expected.length);
      }),
      { numRuns: 50 },
    );
  });

  it("takes pages one request after the other, however many a server says there are", async () => {
    const totalPages = 2 ** 31 - 1;
    const { port } = scriptedPort(({ requests: [one] }) => {
      const pages = one?.pages?.length ? one.pages : [1, 2, 3, 4, 5];
      const responses = pages.map((pageNumber) => ({ context: { pageNumber } }));
      const answer = AnnotateFileResponse.fromPartial({ totalPages, responses });
      return Promise.resolve({ responses: [answer] });
    });
    const left = new AbortController().signal;
    const options = { features, concurrency: 2 };
    const seen: unknown[] = [];
    for await (const { page } of annotateFiles<"v1", FileInput>(
      { port, left },
      ["gs://files/long.pdf"],
      options,
    )) {
      seen.push(page);
      if (seen.length === 33) break;
    }
    expect(seen).to.deep.equal(Array.from({ length: 33 }, (_, index) => index + 1));
  });

  it("tells the type of a file by its bytes, its name or what the caller says", async () => {
    const bare = join(folder, "bare");
    await writeFile(bare, "GIF89a...");
    const named = join(folder, "old.tif");
    await writeFile(named, "no magic number");
    const { port, requests } = scriptedPort(() => ({ responses: [] }));
    const left = new AbortController().signal;
    const inputs = [
      bare,
      named,
      "gs://inputs/a.PDF",
      { source: "gs://inputs/untold", mimeType: "application/pdf" },
      "gs://inputs/untold",
      { source: bare, mimeType: "image/png" },
      "https://host/a.pdf",
    ];
    const records = await collect(
      annotateFiles<"v1", FileInput>({ port, left }, inputs, { features, concurrency: 1 }),
    );
    const types = requests.map(
      ({ requests: [one] }) => (one?.inputConfig as { mimeType?: string }).mimeType,
    );
    const pdfType = "application/pdf";
    expect(types).to.deep.equal(["image/gif", "image/tiff", pdfType, pdfType]);
    expect(records.slice(4).map(({ status }) => status)).to.deep.equal(
      new Array(3).fill("notSubmitted"),
    );
    expect(records[4]).to.have.nested.property("error.problems[0].field", "inputs[4]");
  });

  it("says of a file that failed as a whole so, in one record", async () => {
    await using client = open();
    const inputs = ["gs://inputs/missing.pdf", pdf("short"), pdf("unknown")];
    const records = await collect(client.annotateFiles(inputs, { features }));
    expect(records.map(({ index, status }) => `${index} ${status}`)).to.deep.equal([
      "0 failed",
      "1 succeeded",
      "1 succeeded",
      "2 failed",
    ]);
    expect(records[0]).to.not.have.property("page");
    expect(records[0])
      .to.have.nested.property("error.code")
      .that.is.oneOf(["NOT_FOUND", "INVALID_ARGUMENT"]);
  });

  it("reports the pages of a failed request with its error, and goes on", async () => {
    await using client = open();
    const status = { code: "UNAVAILABLE", message: "lost" } as const;
    const options = { features, concurrency: 1 };
    emulator.emulator.admin.setFaults([{ method: "BatchAnnotateFiles", nth: [2, 4], status }]);
    const inputs = [pdf("long"), pdf("short"), pdf("five")];
    const records = await collect(client.annotateFiles(inputs, options));
    const told = records.map(({ index, page, status: one }) => `${index} ${page ?? "-"} ${one}`);
    expect(told.slice(4, 11)).to.deep.equal([
      "0 5 succeeded",
      "0 6 failed",
      "0 7 failed",
      "0 8 failed",
      "0 9 failed",
      "0 10 failed",
      "0 11 succeeded",
    ]);
    expect(told.slice(12)).to.deep.equal([
      "1 - failed",
      ...[1, 2, 3, 4, 5].map((page) => `2 ${page} succeeded`),
    ]);
    expect(records[5]).to.have.property("error").that.is.instanceOf(SubmitError);
    expect(records[5]).to.have.nested.property("error.outcome", "unknown");
  });

  it("says of a page that the answer leaves out that it is missing", async () => {
    const answer = {
      totalPages: 4,
      responses: [{ context: { pageNumber: 2 } }, { context: { pageNumber: 4 } }],
    };
    const { port } = scriptedPort(() => ({
      responses: [AnnotateFileResponse.fromPartial(answer)],
    }));
    const left = new AbortController().signal;
    const inputs = ["gs://inputs/a.pdf"];
    const records = await collect(
      annotateFiles<"v1", FileInput>({ port, left }, inputs, { features }),
    );
    expect(records.map(({ page, status }) => `${page ?? 0} ${status}`)).to.deep.equal([
      "1 missing",
      "2 succeeded",
      "3 missing",
      "4 succeeded",
    ]);
  });

  it("refuses wrong options before anything is sent", async () => {
    await using client = open();
    const wrong: readonly (readonly [object, string])[] = [
      [{ features, pages: [] }, "options.pages"],
      [{ features, pages: [0] }, "options.pages"],
      [{ features, pages: 3 }, "options.pages"],
      [{ features, mimeType: "image/gif" }, "options.mimeType"],
    ];
    for (const [options, field] of wrong) {
      const records = client.annotateFiles([pdf("short")], options as { features: [] });
      expect(await rejection(records.next())).to.have.nested.property("problems[0].field", field);
    }
    const old = new VisionBatchClient({
      version: "v1p3beta1",
      emulator: { grpc: emulator.emulator.grpc },
    }) as unknown as VisionBatchClient;
    const error = await rejection(old.annotateFiles([pdf("short")], { features }).next());
    expect(error).to.have.property("message").that.contains("v1p3beta1 has no batchAnnotateFiles");
    await old.close();
    expect(emulator.emulator.admin.callCounts()).to.deep.equal({});
  });

  it("cancels at the server what is under way when the loop is left", async () => {
    let cancelled = 0;
    const answerFirst: Answer = (call, callback) => {
      const [one] = (call.request as BatchAnnotateFilesRequest).requests;
      if (one?.pages.length === 0) {
        const file = { totalPages: 300, responses: new Array(5).fill({}) as object[] };
        callback(null, BatchAnnotateFilesResponse.fromPartial({ responses: [file] }));
      } else call.on("cancelled", () => (cancelled += 1));
    };
    const server = await startGrpcServer([answerFirst]);
    await using client = new VisionBatchClient({ emulator: { grpc: server.address } });
    for await (const { page } of client.annotateFiles([pdf("x")], { features, concurrency: 3 })) {
      await until(() => server.calls.length === 4);
      if (page === 5) break;
    }
    await until(() => cancelled === 3);
    expect(server.calls).to.have.length(4);
    await client.close();
    server.stop();
  });
});
