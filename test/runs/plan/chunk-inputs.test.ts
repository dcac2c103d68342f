import { expect } from "chai";
import fc from "fast-check";
import { setImmediate as nextTurn } from "node:timers/promises";
import { InvalidRequestError } from "../../../src/errors/index.ts";
import type { NewChunk } from "../../../src/runs/journal/chunk-writes.ts";
import { chunkInputs, type ChunkInputsOptions } from "../../../src/runs/plan/chunk-inputs.ts";
import { decodeInputs } from "../../../src/runs/plan/input-block.ts";
import type { RunInput, RunInputs } from "../../../src/runs/plan/run-input.ts";

describe("chunkInputs", () => {
  it("sends images by 2,000 and files by 100, each kind in its order", async () => {
    const inputs = Array.from({ length: 4250 }, (_, index) =>
      index % 17 === 0 ? `gs://bucket/${index}.pdf` : `gs://bucket/${index}.jpg`,
    );
    const chunks = await collect(inputs);
    expect(chunks.map(({ number, kind, size }) => [number, kind, size])).to.deep.equal(
      [
        [0, "file", 100],
        [1, "image", 2000],
        [2, "file", 100],
        [3, "image", 2000],
        [4, "file", 50],
      ].sort((a, b) => Number(a[0]) - Number(b[0])),
    );
    expect(decodeInputs("file", chunks[2]!.block)[1]).to.deep.equal({
      ...{ index: 1717, uri: "gs://bucket/1717.pdf", mimeType: "application/pdf" },
    });
  });

  it("tells files by their MIME type, else by their extension, unless it is told", async () => {
    const files: RunInput[] = [
      "gs://bucket/a.pdf",
      "gs://bucket/a.TIF",
      "gs://bucket/a.tiff",
      "gs://bucket/a.gif",
      { uri: "gs://bucket/b", mimeType: "application/pdf" },
      { uri: "gs://bucket/c.gif", kind: "file" },
      { uri: "gs://bucket/d.jpg", kind: "file", mimeType: "image/tiff" },
    ];
    const images: RunInput[] = [
      "gs://bucket/a.jpg",
      "gs://bucket/pdf",
      { uri: "gs://bucket/b.gif", kind: "image" },
      { uri: "gs://bucket/c.pdf", mimeType: "image/png" },
      { uri: "gs://bucket/d", customId: "" },
    ];
    const chunks = await collect([...files, ...images]);
    expect(chunks.map(({ kind, size }) => [kind, size])).to.deep.equal([
      ["image", 5],
      ["file", 7],
    ]);
    expect(decodeInputs("file", chunks[1]!.block).map(({ mimeType }) => mimeType)).to.deep.equal([
      ...["application/pdf", "image/tiff", "image/tiff", "image/gif"],
      ...["application/pdf", "image/gif", "image/tiff"],
    ]);
    expect(decodeInputs("image", chunks[0]!.block)[4]).to.deep.equal({
      ...{ index: 11, uri: "gs://bucket/d", customId: "" },
    });
  });

  it("keeps every input as it was given, whatever is in its name", async () => {
    const name = fc
      .string({ unit: "binary", minLength: 1, maxLength: 60 })
      .filter((text) => !/[\r\n]/.test(text) && text.isWellFormed());
    const input = fc.record(
      {
        uri: name.map((each) => `gs://bucket/${each}`),
        customId: fc.string({ unit: "binary" }),
        kind: fc.constantFrom("image" as const, "file" as const),
        mimeType: fc.constantFrom("image/tiff", "image/gif"),
      },
      { requiredKeys: ["uri", "mimeType"] },
    );
    const plain = name.map((each) => `gs://bucket/${each}.png`);
    const sizes = fc.record({
      imagesPerChunk: fc.integer({ min: 1, max: 5 }),
      filesPerChunk: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(input, plain), { maxLength: 40 }), sizes, keepsAll),
      { numRuns: 300 },
    );
  });

  it("makes the same chunks of a list and of what comes one by one", async () => {
    const inputs = Array.from({ length: 5000 }, (_, index) => `gs://bucket/${index}.jpg`);
    async function* oneByOne() {
      for (const input of inputs) yield input;
    }
    expect(await collect(oneByOne())).to.deep.equal(await collect(inputs));
    expect(await collect([])).to.be.empty;
  });

  it("tells every input that cannot be sent by its number, and yields no chunk after the first", async () => {
    const wrong: unknown[] = [
      "https://example.com/a.jpg",
      "gs://bucket",
      { uri: "gs://bucket/a", mimeType: "text/html" },
      { uri: "gs://bucket/a", kind: "file" },
      { uri: "gs://bucket/a", kind: "file", mimeType: "image/png" },
      { uri: "gs://bucket/a", kind: "image", mimeType: "application/pdf" },
      { uri: "gs://bucket/a", kind: "film" },
      { uri: "gs://bucket/a", customID: "x" },
      { uri: "gs://bucket/a", customId: 7 },
      { customId: "x" },
      null,
      7,
    ];
    const inputs = [...Array.from({ length: 4 }, () => "gs://bucket/a.jpg"), ...wrong];
    const chunks: NewChunk[] = [];
    const error = await fails(collect(inputs as RunInput[], { imagesPerChunk: 2 }, chunks));
    expect(error).to.be.instanceOf(InvalidRequestError);
    const { problems, message } = error as InvalidRequestError;
    expect(problems.map(({ field }) => field)).to.deep.equal([
      ...["inputs[4]", "inputs[5]", "inputs[6].mimeType", "inputs[7].mimeType"],
      ...["inputs[8].mimeType", "inputs[9].mimeType", "inputs[10].kind", "inputs[11].customID"],
      ...["inputs[12].customId", "inputs[13].uri", "inputs[14]", "inputs[15]"],
    ]);
    expect(message)
      .to.include("the run")
      .and.include("customID: is not a field here; did you mean");
    expect(chunks).to.have.length(2);
  });

  it("looks no further after a hundred problems, and closes the source", async () => {
    for (const make of [endless, endlessAsync]) {
      const source = { given: 0, isClosed: false };
      const error = await fails(collect(make(source, "nothing")));
      expect((error as InvalidRequestError).problems).to.have.length(100);
      expect(source).to.deep.equal({ given: 100, isClosed: true });
    }
  });

  it("reads no further than the chunk that is asked for, and closes the source when it is left", async () => {
    for (const make of [endless, endlessAsync]) {
      const source = { given: 0, isClosed: false };
      for await (const chunk of chunkInputs(make(source, "gs://bucket/a"), { what: "it" })) {
        expect(chunk.size).to.equal(2000);
        break;
      }
      expect(source).to.deep.equal({ given: 2000, isClosed: true });
    }
  });

  it("stops at an abort, though the source never waits", async () => {
    for (const make of [endless, endlessAsync]) {
      const source = { given: 0, isClosed: false };
      const abort = new AbortController();
      setImmediate(() => {
        abort.abort(new Error("enough"));
      });
      const planned = collect(make(source, "gs://bucket/a"), { signal: abort.signal });
      expect(await fails(planned)).to.have.property("message", "enough");
      await nextTurn();
      expect(source.isClosed).to.be.true;
    }
  });

  it("stops at an abort, though the source never answers", async () => {
    const abort = new AbortController();
    let returned = 0;
    const silent: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          returned++;
          return new Promise(() => undefined);
        },
      }),
    };
    const planned = collect(silent, { signal: abort.signal });
    setImmediate(() => {
      abort.abort(new Error("enough"));
    });
    expect(await fails(planned)).to.have.property("message", "enough");
    expect(returned).to.equal(1);
  });

  it("passes on what the source fails with", async () => {
    async function* broken() {
      yield "gs://bucket/a";
      throw new Error("no more lists");
    }
    expect(await fails(collect(broken()))).to.have.property("message", "no more lists");
  });

  it("refuses sizes that no request may have", async () => {
    for (const sizes of [{ imagesPerChunk: 2001 }, { imagesPerChunk: 0 }, { filesPerChunk: 1.5 }]) {
      expect(await fails(collect([], sizes)), JSON.stringify(sizes)).to.be.instanceOf(RangeError);
    }
  });
});

async function keepsAll(
  inputs: readonly RunInput[],
  sizes: { readonly imagesPerChunk: number; readonly filesPerChunk: number },
): Promise<void> {
  const chunks = await collect(inputs, sizes);
  const decoded = chunks.flatMap(({ kind, size, block, first, last, number }) => {
    const planned = decodeInputs(kind, block);
    expect(planned).to.have.length(size);
    expect([planned[0]?.index, planned.at(-1)?.index]).to.deep.equal([first, last]);
    expect(size).to.be.at.most(kind === "file" ? sizes.filesPerChunk : sizes.imagesPerChunk);
    expect(chunks[number]?.block).to.equal(block);
    return planned;
  });
  decoded.sort((a, b) => a.index - b.index);
  expect(decoded.map(({ index }) => index)).to.deep.equal(inputs.map((_, index) => index));
  for (const [index, { uri, customId, mimeType }] of decoded.entries()) {
    const given = inputs[index]!;
    const whole = typeof given === "string" ? { uri: given } : given;
    const isFile = typeof given !== "string" && given.kind !== "image";
    expect(uri).to.equal(whole.uri);
    expect(customId).to.equal((whole as { customId?: string }).customId);
    expect(mimeType).to.equal(isFile ? (whole as { mimeType?: string }).mimeType : undefined);
  }
}

interface WatchedSource {
  given: number;
  isClosed: boolean;
}

function* endless(source: WatchedSource, uri: string): Generator<string> {
  try {
    for (;;) {
      source.given++;
      yield uri;
    }
  } finally {
    source.isClosed = true;
  }
}

async function* endlessAsync(source: WatchedSource, uri: string): AsyncGenerator<string> {
  yield* endless(source, uri);
}

async function collect(
  inputs: RunInputs,
  options: Partial<ChunkInputsOptions> = {},
  chunks: NewChunk[] = [],
): Promise<NewChunk[]> {
  for await (const chunk of chunkInputs(inputs, { what: "the run", ...options })) {
    chunks.push(chunk);
  }
  return chunks;
}

async function fails(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
