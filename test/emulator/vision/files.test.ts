import { expect } from "chai";
import { filesRequest, TestEmulator } from "../../fixtures/emulator.ts";

interface FileShard {
  readonly inputConfig: object;
  readonly responses?: {
    readonly context: object;
    readonly fullTextAnnotation?: { text: string };
  }[];
  readonly error?: { readonly code: number; readonly message: string };
  readonly totalPages?: number;
}

const three = "%PDF-1.7 three pages";
const uri = "gs://inputs/three.pdf";
const inputConfig = { gcsSource: { uri }, mimeType: "application/pdf" };
const features = [{ type: "DOCUMENT_TEXT_DETECTION" }];

describe("files in the emulator", () => {
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start({
      recordings: [],
      pages: {
        [three]: [1, 2, 3].map((page) => ({ fullTextAnnotation: { text: `page ${page}` } })),
      },
    });
    await running.put(uri, three);
    await running.put("gs://inputs/broken.pdf", "no PDF");
  });
  after(() => running.close());

  const submit = async (request: object): Promise<Record<string, unknown>> => {
    const { response, message } = await running.call("AsyncBatchAnnotateFiles", request);
    expect(message).to.equal("");
    return running.done(String(response["name"]));
  };
  const shard = async (name: string): Promise<FileShard> =>
    JSON.parse(await running.text(`gs://out/files/${name}`)) as FileShard;

  it("give shards that are numbered by page, with the input and the page's number", async () => {
    const done = await submit(filesRequest([uri], 2));
    expect(done["response"]).to.deep.equal({
      "@type": "type.googleapis.com/google.cloud.vision.v1.AsyncBatchAnnotateFilesResponse",
      responses: [{ outputConfig: { gcsDestination: { uri: "gs://out/files/0/" }, batchSize: 2 } }],
    });
    expect(await running.list("gs://out/files/0")).to.deep.equal([
      "output-1-to-2.json",
      "output-3-to-3.json",
    ]);
    expect(await shard("0/output-3-to-3.json")).to.deep.equal({
      inputConfig,
      responses: [{ fullTextAnnotation: { text: "page 3" }, context: { uri, pageNumber: 3 } }],
    });
    expect(await running.text("gs://out/files/0/output-1-to-2.json")).to.not.include("\n");
  });

  it("number the shards of each file apart, and report an unreadable one in a shard of its own", async () => {
    const done = await submit(
      filesRequest([uri, "gs://inputs/broken.pdf", "gs://inputs/none.pdf"]),
    );
    expect(done).to.have.property("response");
    expect(await running.list("gs://out/files/0")).to.include("output-1-to-3.json");
    const broken = await shard("1/output-1-to-1.json");
    expect(broken.error?.code).to.equal(3);
    expect(broken).to.not.have.property("responses");
    expect((await shard("2/output-1-to-1.json")).error).to.deep.equal({
      code: 5,
      message: "Error opening file: gs://inputs/none.pdf.",
    });
  });

  it("fail the operation when none can be read", async () => {
    const done = await submit(filesRequest(["gs://inputs/none.pdf"]));
    expect(done["error"]).to.deep.equal({
      code: 5,
      message: "Error opening file: gs://inputs/none.pdf.",
    });
  });

  it("are annotated at once, the first five pages by default", async () => {
    const { response } = await running.call("BatchAnnotateFiles", {
      requests: [{ inputConfig, features }],
    });
    const [file] = response["responses"] as FileShard[];
    expect(file?.totalPages).to.equal(3);
    expect(file?.responses?.map(({ context }) => context)).to.deep.equal(
      [1, 2, 3].map((pageNumber) => ({ uri, pageNumber })),
    );
  });

  it("give the pages that were asked for, counted from the end where negative", async () => {
    const content = Buffer.from(three).toString("base64");
    const { body } = await running.rest("POST", "/v1/files:annotate", {
      requests: [
        { inputConfig: { content, mimeType: "application/pdf" }, features, pages: [-1, 1] },
      ],
    });
    const [file] = body["responses"] as FileShard[];
    expect(file?.inputConfig).to.deep.equal({ mimeType: "application/pdf" });
    expect(file?.responses).to.deep.equal([
      { fullTextAnnotation: { text: "page 3" }, context: { pageNumber: 3 } },
      { fullTextAnnotation: { text: "page 1" }, context: { pageNumber: 1 } },
    ]);
  });

  it("answer an error for a page that there is not", async () => {
    const { response } = await running.call("BatchAnnotateFiles", {
      requests: [{ inputConfig, features, pages: [1, -4] }],
    });
    const [file] = response["responses"] as FileShard[];
    expect(file?.error).to.include({ code: 3 });
    expect(file?.error?.message).to.match(/has 3.*no page -4/);
  });
});

describe("an output of the emulator that cannot be written", () => {
  it("fails the operation with the place", async () => {
    const running = await TestEmulator.start({ createBuckets: false });
    try {
      await running.put(uri, three);
      const request = {
        requests: [{ image: { source: { imageUri: "gs://inputs/1.png" } }, features }],
      };
      const outputConfig = { gcsDestination: { uri: "gs://nowhere/" } };
      const done = await running.done(await running.submit({ ...request, outputConfig }));
      expect(done["error"]).to.deep.equal({
        code: 5,
        message: "Error writing final output to: gs://nowhere/output-1-to-1.json",
      });
    } finally {
      await running.close();
    }
  });
});
