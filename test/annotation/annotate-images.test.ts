import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { annotateImages } from "../../src/annotation/index.ts";
import {
  InvalidRequestError,
  SubmitError,
  VisionBatchClient,
  type ImageInput,
} from "../../src/index.ts";
import { loadJsonCodec } from "../../src/protocol/json-codec.ts";
import { maxRequestBytes } from "../../src/protocol/limits.ts";
import { BatchAnnotateImagesResponse } from "../../src/protocol/v1.ts";
import { prepareRequest } from "../../src/requests/index.ts";
import { collect } from "../fixtures/collect.ts";
import { TestEmulator, until } from "../fixtures/emulator.ts";
import { startGrpcServer, type Answer } from "../fixtures/grpc-server.ts";
import { rejection } from "../fixtures/rejection.ts";
import { scriptedPort, type PortRequest } from "./scripted-port.ts";

const features = ["LABEL_DETECTION"] as const;
const uris = (count: number) =>
  Array.from({ length: count }, (_, index) => `gs://inputs/${index}.png`);

describe("annotateImages", () => {
  let emulator: TestEmulator;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-images-"));
    emulator = await TestEmulator.start({
      recordings: [
        {
          uri: "gs://inputs/bad.png",
          response: { error: { code: 3, message: "Bad image data." } },
        },
        {
          uri: "gs://inputs/half.png",
          response: { labelAnnotations: [{ description: "cat" }], error: { code: 13 } },
        },
        { uri: "*", response: { safeSearchAnnotation: { adult: "VERY_LIKELY" } } },
      ],
    });
  });

  beforeEach(async () => {
    await emulator.emulator.admin.reset();
  });

  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });

  const open = () => new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc } });

  it("answers one record an input, in their order, in as few requests as there can be", async () => {
    await using client = open();
    const inputs = uris(40);
    const records = await collect(client.annotateImages(inputs, { features }));
    expect(records.map(({ uri }) => uri)).to.deep.equal(inputs);
    expect(records.map(({ index }) => index)).to.deep.equal([...inputs.keys()]);
    expect(records.map(({ input }) => input)).to.deep.equal(inputs);
    expect(new Set(records.map(({ status }) => status))).to.deep.equal(new Set(["succeeded"]));
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.equal(3);
  });

  it("gives responses in the form of records, with enums by name", async () => {
    await using client = open();
    const safeSearch = { features: ["SAFE_SEARCH_DETECTION"] } as const;
    for await (const record of client.annotateImages(uris(1), safeSearch)) {
      if (record.status !== "succeeded") throw new Error(record.status);
      expect(record.response).to.deep.equal({ safeSearchAnnotation: { adult: "VERY_LIKELY" } });
    }
  });

  it("sends what is in files, bytes and streams", async () => {
    await using client = open();
    const path = join(folder, "a.png");
    await writeFile(path, "a file");
    const bytes = Buffer.from("some bytes");
    const stream = Readable.from([Buffer.from("a str"), Buffer.from("eam")]);
    const recorded = await collect(client.annotateImages([path, bytes, stream], { features }));
    expect(recorded.map(({ status }) => status)).to.deep.equal(new Array(3).fill("succeeded"));
    const { port, requests } = scriptedPort(() => ({ responses: [{}, {}, {}] }));
    const again = Readable.from([Buffer.from("a str"), Buffer.from("eam")]);
    const left = new AbortController().signal;
    await collect(
      annotateImages<"v1", ImageInput>({ port, left }, [path, bytes, again], { features }),
    );
    const contents = requests[0]?.requests.map(({ image }) => String(image?.content));
    expect(contents).to.deep.equal(["a file", "some bytes", "a stream"]);
  });

  it("tells failed, partial and unsent images apart, and goes on", async () => {
    await using client = open();
    const inputs = [
      "gs://inputs/bad.png",
      join(folder, "missing.png"),
      "gs://inputs/half.png",
      new Uint8Array(),
      "gs://no",
      { source: "gs://inputs/1.png", features: [] },
      new Uint8Array(21 * 1024 * 1024),
      "gs://inputs/good.png",
    ];
    const records = await collect(client.annotateImages(inputs, { features }));
    expect(records.map(({ status }) => status)).to.deep.equal([
      "failed",
      "notSubmitted",
      "partial",
      "notSubmitted",
      "notSubmitted",
      "notSubmitted",
      "notSubmitted",
      "succeeded",
    ]);
    expect(records[0]).to.deep.include({
      error: { code: "INVALID_ARGUMENT", message: "Bad image data.", details: [] },
    });
    expect(records[1]).to.have.nested.property("error.reason", "notFound");
    expect(records[2]).to.have.nested.property("response.labelAnnotations[0].description", "cat");
    expect(records[5])
      .to.have.nested.property("error.problems[0].field")
      .that.equals("inputs[5].features");
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.equal(1);
  });

  it("sends over REST no request that the server finds too large", async () => {
    await using client = new VisionBatchClient({
      transport: "rest",
      emulator: { rest: new URL(emulator.emulator.http).host },
    });
    const sizes = [3_900_000, 3_900_000, 3_900_000, 10, 7_800_000, 9_000_000, 20];
    const inputs = sizes.map((size) => Buffer.alloc(size, 7));
    const records = await collect(client.annotateImages(inputs, { features }));
    expect(records.map(({ status }) => status)).to.deep.equal([
      ...new Array<string>(5).fill("succeeded"),
      "notSubmitted",
      "succeeded",
    ]);
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.equal(3);
  });

  it("asks of one image what it alone is to be asked", async () => {
    const { port, requests } = scriptedPort(() => ({ responses: [{}, {}] }));
    const imageContext = { languageHints: ["he"] };
    const inputs = [
      "gs://inputs/1.png",
      {
        source: "gs://inputs/2.png",
        features: [{ type: "TEXT_DETECTION", maxResults: 3 }, "CROP_HINTS"],
        imageContext,
      },
    ] as const;
    const left = new AbortController().signal;
    const labels = { team: "scans" };
    await collect(annotateImages<"v1", ImageInput>({ port, left }, inputs, { features, labels }));
    expect(requests).to.deep.equal([
      {
        requests: [
          {
            features: [{ type: "LABEL_DETECTION" }],
            imageContext: undefined,
            image: { source: { imageUri: "gs://inputs/1.png" } },
          },
          {
            features: [{ type: "TEXT_DETECTION", maxResults: 3 }, { type: "CROP_HINTS" }],
            imageContext,
            image: { source: { imageUri: "gs://inputs/2.png" } },
          },
        ],
        labels,
      },
    ]);
  });

  it("keeps every request within the limits, with every image once and in order", async function () {
    this.timeout(60_000);
    const codec = await loadJsonCodec("v1");
    const pool = Buffer.alloc(8 * 1024 * 1024, 1);
    const size = fc.oneof(
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 500_000, max: 7_900_000 }),
    );
    const input = fc.oneof(size, fc.webUrl({ withQueryParameters: true }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(input, { maxLength: 40 }),
        fc.constantFrom("json" as const, "proto" as const),
        async (shapes, encoding) => {
          const { port, requests } = scriptedPort(
            ({ requests: list }) => ({ responses: list.map(() => ({})) }),
            encoding,
          );
          const images = shapes.map((shape) =>
            typeof shape === "number" ? pool.subarray(0, shape) : shape,
          );
          const left = new AbortController().signal;
          const options = { features, labels: { team: "scans" } } as const;
          const records = await collect(
            annotateImages<"v1", ImageInput>({ port, left }, images, options),
          );
          expect(records.map((record) => record.input)).to.deep.equal(images);
          const sent = requests.flatMap((request) => request.requests);
          expect(sent.map(({ image }) => image?.content ?? image?.source?.imageUri)).to.deep.equal(
            records.filter(({ status }) => status !== "notSubmitted").map((one) => one.input),
          );
          for (const request of requests) {
            expect(request.requests.length).to.be.within(1, 16);
            const isAlone = request.requests.length === 1;
            if (encoding === "proto" && isAlone) continue;
            const message = prepareRequest("v1", "batchAnnotateImages", request as object);
            const typeName = "google.cloud.vision.v1.BatchAnnotateImagesRequest";
            const json = JSON.stringify(codec.toJson(typeName, message));
            expect(Buffer.byteLength(json)).to.be.below(maxRequestBytes);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it("sends alone over gRPC what fits as protobuf and not as JSON", async () => {
    for (const [encoding, status] of [
      ["proto", "succeeded"],
      ["json", "notSubmitted"],
    ] as const) {
      const { port, requests } = scriptedPort(
        ({ requests: list }) => ({ responses: list.map(() => ({})) }),
        encoding,
      );
      const images = ["gs://a-bucket/1", new Uint8Array(9_000_000), "gs://a-bucket/2"];
      const left = new AbortController().signal;
      const records = await collect(
        annotateImages<"v1", ImageInput>({ port, left }, images, { features }),
      );
      expect(records.map((record) => record.status)).to.deep.equal([
        "succeeded",
        status,
        "succeeded",
      ]);
      expect(requests.map((request) => request.requests.length)).to.deep.equal(
        encoding === "proto" ? [1, 1, 1] : [2],
      );
    }
  });

  it("refuses wrong options and lists before anything is sent", async () => {
    await using client = open();
    const first = (options: object, inputs: unknown = uris(1)) =>
      rejection(client.annotateImages(inputs as string[], options as { features: [] }).next());
    const wrong: readonly (readonly [object, string])[] = [
      [{}, "options.features"],
      [{ features: ["TEXT"] }, "options.features[0].type"],
      [{ features, imageContext: { hints: 1 } }, "options.imageContext.hints"],
      [{ features, parent: "p" }, "options.parent"],
      [{ features, concurency: 3 }, "options.concurency"],
      [{ features, concurrency: 0 }, "options.concurrency"],
      [{ features, imagesPerRequest: 17 }, "options.imagesPerRequest"],
      [{ features, signal: "stop" }, "options.signal"],
      [{ features, timeoutMs: -1 }, "options.timeoutMs"],
    ];
    for (const [options, field] of wrong) {
      const error = await first(options);
      expect(error).to.be.instanceOf(InvalidRequestError);
      expect(error).to.have.nested.property("problems[0].field", field);
    }
    const stream = Readable.from([Buffer.from("x")], { objectMode: false });
    for (const single of ["gs://inputs/1.png", new Uint8Array(3), stream, 7]) {
      expect(await first({ features }, single)).to.have.nested.property(
        "problems[0].field",
        "inputs",
      );
    }
    expect(emulator.emulator.admin.callCounts()).to.deep.equal({});
  });

  it("reports the images of a failed request with its error and outcome, and goes on", async () => {
    await using client = open();
    emulator.emulator.admin.setFaults([
      { method: "BatchAnnotateImages", nth: 1, status: { code: "UNAVAILABLE", message: "lost" } },
      {
        method: "BatchAnnotateImages",
        nth: 2,
        status: { code: "RESOURCE_EXHAUSTED", message: "" },
      },
    ]);
    const options = { features, imagesPerRequest: 2, concurrency: 1 };
    const inputs = [...uris(3), join(folder, "missing.png"), ...uris(2)];
    const records = await collect(client.annotateImages(inputs, options));
    const outcomes = records.map(({ status, ...record }) =>
      "error" in record && record.error instanceof SubmitError ? record.error.outcome : status,
    );
    expect(outcomes).to.deep.equal([
      "unknown",
      "unknown",
      "rejected",
      "notSubmitted",
      "rejected",
      "succeeded",
    ]);
    expect(records[0]?.status).to.equal("failed");
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.equal(3);
  });

  it("ends with the error of a failed request when asked to", async () => {
    await using client = open();
    const status = { code: "PERMISSION_DENIED", message: "no" } as const;
    emulator.emulator.admin.setFaults([{ method: "BatchAnnotateImages", nth: 2, status }]);
    const options = { features, imagesPerRequest: 1, concurrency: 1, stopOnError: true };
    const records = client.annotateImages(uris(9), options);
    expect((await records.next()).value).to.include({ status: "succeeded" });
    expect(await rejection(records.next())).to.be.instanceOf(SubmitError);
    expect(await records.next()).to.deep.equal({ done: true, value: undefined });
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.equal(2);
  });

  it("says of an image that the answer leaves out that it is missing", async () => {
    const { port } = scriptedPort(() => ({ responses: [{}] }));
    const left = new AbortController().signal;
    const records = await collect(
      annotateImages<"v1", ImageInput>({ port, left }, uris(2), { features }),
    );
    expect(records.map(({ status }) => status)).to.deep.equal(["succeeded", "missing"]);
  });

  it("asks for inputs only as their records are taken", async () => {
    await using client = open();
    let given = 0;
    let isClean = false;
    async function* inputs(): AsyncGenerator<string> {
      try {
        for (;;) yield `gs://inputs/${given++}.png`;
      } finally {
        isClean = true;
      }
    }
    const options = { features, imagesPerRequest: 1, concurrency: 2 };
    for await (const record of client.annotateImages(inputs(), options)) {
      if (record.index === 20) break;
    }
    expect(isClean).to.equal(true);
    expect(given).to.be.at.most(20 + 16);
    expect(emulator.emulator.admin.calls("BatchAnnotateImages")).to.be.at.most(20 + 8);
  });

  it("throws what the inputs throw, after the records of those before", async () => {
    await using client = open();
    function* inputs(): Generator<string> {
      yield* uris(2);
      throw new Error("the list ends here");
    }
    const records = client.annotateImages(inputs(), { features });
    expect((await records.next()).value).to.include({ index: 0 });
    expect((await records.next()).value).to.include({ index: 1 });
    expect(await rejection(records.next())).to.have.property("message", "the list ends here");
  });

  describe("against a server that does not answer", () => {
    const ended: string[] = [];
    const hang: Answer = (call) => {
      call.on("cancelled", () => ended.push("cancelled"));
    };
    const answerFirst: Answer = (call, callback) => {
      const { requests } = call.request as PortRequest;
      const isFirst = requests[0]?.image?.source?.imageUri === uris(1)[0];
      if (isFirst) callback(null, BatchAnnotateImagesResponse.fromPartial({ responses: [{}] }));
      else hang(call, callback);
    };

    async function start(...answers: readonly Answer[]) {
      ended.length = 0;
      const server = await startGrpcServer(answers);
      const client = new VisionBatchClient({ emulator: { grpc: server.address } });
      return {
        server,
        client,
        [Symbol.asyncDispose]: async () => {
          await client.close();
          server.stop();
        },
      };
    }

    it("rejects with the reason of an abort, and the server sees its calls cancelled", async () => {
      await using parts = await start(hang);
      const abort = new AbortController();
      const options = { features, imagesPerRequest: 1, concurrency: 3, signal: abort.signal };
      const next = parts.client.annotateImages(uris(9), options).next();
      await until(() => parts.server.calls.length === 3);
      abort.abort(new Error("no longer wanted"));
      expect(await rejection(next)).to.have.property("message", "no longer wanted");
      await until(() => ended.length === 3);
      expect(parts.server.calls).to.have.length(3);
    });

    it("cancels at the server what is under way when the loop is left", async () => {
      await using parts = await start(answerFirst);
      const options = { features, imagesPerRequest: 1, concurrency: 3 };
      for await (const record of parts.client.annotateImages(uris(9), options)) {
        expect(record.status).to.equal("succeeded");
        await until(() => parts.server.calls.length === 4);
        break;
      }
      await until(() => ended.length === 3);
      expect(parts.server.calls).to.have.length(4);
    });

    it("is left at once while a record and an input are being waited for", async () => {
      await using parts = await start(hang);
      async function* inputs(): AsyncGenerator<string> {
        yield "gs://inputs/1.png";
        await new Promise(() => undefined);
      }
      const options = { features, imagesPerRequest: 1 };
      const records = parts.client.annotateImages(inputs(), options);
      const next = records.next();
      await until(() => parts.server.calls.length === 1);
      await records.return();
      expect(await next).to.deep.equal({ done: true, value: undefined });
      await until(() => ended.length === 1);
    });

    it("lets go of a stream that hangs when it is left", async () => {
      await using parts = await start(hang);
      const stream = new Readable({ read: () => undefined });
      const records = parts.client.annotateImages([stream], { features });
      const next = records.next();
      await until(() => stream.listenerCount("readable") > 0);
      await records.return();
      expect(await next).to.deep.equal({ done: true, value: undefined });
      expect(stream.destroyed).to.equal(true);
      expect(parts.server.calls).to.have.length(0);
    });

    it("sends nothing where it is aborted before", async () => {
      await using parts = await start(hang);
      const signal = AbortSignal.abort(new Error("too late"));
      const next = parts.client.annotateImages(uris(1), { features, signal }).next();
      expect(await rejection(next)).to.have.property("message", "too late");
      expect(parts.server.calls).to.have.length(0);
    });
  });
});
