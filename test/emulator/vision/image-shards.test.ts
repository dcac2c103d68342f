import { expect } from "chai";
import { imagesRequest, label, TestEmulator } from "../../fixtures/emulator.ts";

interface Shard {
  readonly responses: {
    readonly context: { readonly uri: string };
    readonly error?: { readonly code: number; readonly message: string };
    readonly labelAnnotations?: readonly object[];
  }[];
}

describe("image shards of the emulator", () => {
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start({
      recordings: [
        { uri: "gs://inputs/**", response: { ...label, context: { uri: "gs://old/name" } } },
        { uri: "gs://oddly/**", response: {} },
      ],
    });
  });
  after(() => running.close());

  const shardsOf = async (count: number, outputConfig: object): Promise<readonly string[]> => {
    const name = await running.submit(imagesRequest(count, outputConfig));
    await running.done(name);
    return running.list("gs://out/cut");
  };

  for (const [title, batchSize, count, names] of [
    ["of 20 by default", undefined, 41, ["1-to-20", "21-to-40", "41-to-41"]],
    ["of the batch size", 2, 5, ["1-to-2", "3-to-4", "5-to-5"]],
    ["of 100 at most", 100, 100, ["1-to-100"]],
  ] as const) {
    it(`are cut ${title}`, async () => {
      const folder = `cut/${count}`;
      const gcsDestination = { uri: `gs://out/${folder}/` };
      const size = batchSize === undefined ? {} : { batchSize };
      await running.done(await running.submit(imagesRequest(count, { gcsDestination, ...size })));
      expect(await running.list(`gs://out/${folder}`)).to.deep.equal(
        names.map((range) => `output-${range}.json`),
      );
    });
  }

  it("begin with the prefix as it was given", async () => {
    const before = await running.list("gs://out/cut");
    const after = await shardsOf(1, { gcsDestination: { uri: "gs://out/cut/01-signs_" } });
    expect(after.filter((name) => !before.includes(name))).to.deep.equal([
      "01-signs_output-1-to-1.json",
    ]);
  });

  it("are one line of JSON with a response for each image, with its URI", async () => {
    const gcsDestination = { uri: "gs://out/line/" };
    await running.done(await running.submit(imagesRequest(2, { gcsDestination })));
    const text = await running.text("gs://out/line/output-1-to-2.json");
    expect(text).to.not.include("\n");
    expect(JSON.parse(text)).to.deep.equal({
      responses: [
        { ...label, context: { uri: "gs://inputs/1.png" } },
        { ...label, context: { uri: "gs://inputs/2.png" } },
      ],
    });
  });

  it("keep an empty response and a URI that needs escaping", async () => {
    const uri = 'gs://oddly/a "quoted" \u00e9.png';
    const request = {
      requests: [
        { image: { source: { gcsImageUri: uri } }, features: [{ type: "WEB_DETECTION" }] },
      ],
      outputConfig: { gcsDestination: { uri: "gs://out/odd/" } },
    };
    await running.done(await running.submit(request));
    const shard = JSON.parse(await running.text("gs://out/odd/output-1-to-1.json")) as Shard;
    expect(shard.responses).to.deep.equal([{ context: { uri } }]);
  });

  it("hold the features that were asked for, each with its own limit", async () => {
    const source = { source: { imageUri: "gs://inputs/1.png" } };
    const request = {
      requests: [
        { image: source, features: [{ type: "LOGO_DETECTION" }] },
        { image: source, features: [{ type: "LABEL_DETECTION" }] },
      ],
      outputConfig: { gcsDestination: { uri: "gs://out/features/" } },
    };
    await running.done(await running.submit(request));
    const shard = JSON.parse(await running.text("gs://out/features/output-1-to-2.json")) as Shard;
    expect(shard.responses.map(({ labelAnnotations }) => labelAnnotations?.length)).to.deep.equal([
      undefined,
      1,
    ]);
  });

  it("are served by the storage API as application/json", async () => {
    const gcsDestination = { uri: "gs://out/served/" };
    await running.done(await running.submit(imagesRequest(1, { gcsDestination })));
    const { body } = await running.rest("GET", "/storage/v1/b/out/o?prefix=served/");
    const [item] = body["items"] as { name: string; contentType: string }[];
    expect(item).to.include({
      name: "served/output-1-to-1.json",
      contentType: "application/json",
    });
  });
});

describe("image shards of the emulator where images cannot be read", () => {
  it("hold an error for each of them, and the operation succeeds", async () => {
    const running = await TestEmulator.start({ recordings: [], recordedFor: "missing" });
    try {
      await running.put("gs://inputs/2.png", "not an image");
      const name = await running.submit(imagesRequest(2));
      const done = await running.done(name);
      expect(done).to.have.property("response");
      const shard = JSON.parse(await running.text("gs://out/run/output-1-to-2.json")) as Shard;
      const [missing, unrecorded] = shard.responses;
      expect(missing).to.deep.equal({
        error: { code: 5, message: "Error opening file: gs://inputs/1.png." },
        context: { uri: "gs://inputs/1.png" },
      });
      expect(unrecorded?.context.uri).to.equal("gs://inputs/2.png");
      expect(unrecorded?.error?.code).to.be.oneOf([3, 12]);
    } finally {
      await running.close();
    }
  });
});
