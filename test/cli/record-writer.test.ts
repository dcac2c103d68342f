import { expect } from "chai";
import { RecordWriter } from "../../src/cli/record-writer.ts";
import type { ResultRecord } from "../../src/results/index.ts";
import { ShardError } from "../../src/errors/index.ts";

const error = { code: "NOT_FOUND", message: "gone", details: [] } as const;

async function write(records: readonly ResultRecord[], given: readonly string[] = []) {
  let text = "";
  const output = {
    isTerminal: false,
    write: (part: string | Uint8Array) => {
      text += String(part);
      return Promise.resolve();
    },
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
  const writer = new RecordWriter(output, ({ index }) => given[index]);
  for (const record of records) await writer.write(record);
  await writer.end();
  expect(text.endsWith("\n")).to.equal(true);
  const lines = text.trimEnd().split("\n");
  return { writer, lines: lines.map((line) => JSON.parse(line) as unknown) };
}

const page = (index: number, number: number) => ({
  status: "succeeded" as const,
  index,
  uri: `gs://in/${index}.pdf`,
  page: number,
  response: { fullTextAnnotation: { text: `page ${number}` } },
});

describe("RecordWriter", () => {
  it("writes a line for each image, with what the user called it", async () => {
    const response = { textAnnotations: [{ description: "a\u001b\u202e" }] };
    const { lines, writer } = await write(
      [
        { status: "succeeded", index: 0, uri: "gs://in/a", response },
        { status: "failed", index: 1, uri: "gs://in/b", error },
        { status: "missing", index: 2, uri: "gs://in/c" },
      ],
      ["a.png"],
    );
    expect(lines).to.deep.equal([
      { index: 0, input: "a.png", uri: "gs://in/a", status: "succeeded", response },
      {
        index: 1,
        uri: "gs://in/b",
        status: "failed",
        error: { code: "NOT_FOUND", message: "gone" },
      },
      { index: 2, uri: "gs://in/c", status: "missing" },
    ]);
    expect(writer).to.include({ inputs: 3, shortfallCount: 2 });
    expect(writer.shortfalls).to.deep.equal([
      { input: "gs://in/b", reason: "NOT_FOUND: gone" },
      { input: "gs://in/c", reason: "no result" },
    ]);
  });

  it("writes the pages of a document into one line, with the status of the whole", async () => {
    const { lines, writer } = await write([
      page(0, 1),
      page(0, 2),
      page(1, 1),
      { status: "failed", index: 1, uri: "gs://in/1.pdf", page: 2, error },
      { status: "succeeded", index: 2, uri: "gs://in/2.png", response: {} },
    ]);
    const brief = (lines as { index: number; status: string; pages?: { page: number }[] }[]).map(
      ({ index, status, pages }) => [index, status, pages?.map((each) => each.page).join()],
    );
    expect(brief).to.deep.equal([
      [0, "succeeded", "1,2"],
      [1, "partial", "1,2"],
      [2, "succeeded", undefined],
    ]);
    expect(writer.inputs).to.equal(3);
    expect(writer.shortfalls).to.deep.equal([
      { input: "gs://in/1.pdf", reason: "page 2: NOT_FOUND: gone" },
    ]);
  });

  it("writes why something is missing", async () => {
    const shard = new ShardError("it is not UTF-8", { uri: "gs://out/output-1-to-1.json" });
    const { lines } = await write([
      { status: "missing", index: 0, uri: "gs://in/a", error: shard },
      { status: "notSubmitted", index: 1, uri: "gs://in/b", error: new Error("stopped") },
    ]);
    const errors = (lines as { error: object }[]).map((line) => line.error);
    expect(errors[0]).to.deep.include({
      name: "ShardError",
      details: { uri: "gs://out/output-1-to-1.json" },
    });
    expect(errors[1]).to.deep.equal({ name: "Error", message: "stopped" });
  });

  it("keeps error details in the form of google.rpc", async () => {
    const details = [
      { typeUrl: "t/google.rpc.ErrorInfo", value: { reason: "R" } },
      { typeUrl: "t/unknown", bytes: Buffer.from([1, 2]) },
    ];
    const { lines } = await write([
      { status: "failed", index: 0, uri: "gs://in/a", error: { ...error, details } },
    ]);
    expect((lines as { error: { details: unknown } }[])[0]?.error.details).to.deep.equal([
      { "@type": "t/google.rpc.ErrorInfo", reason: "R" },
      { "@type": "t/unknown", value: "AQI=" },
    ]);
  });
});
