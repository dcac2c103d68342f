import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Storage } from "@google-cloud/storage";
import vision from "@google-cloud/vision";
import { expect } from "chai";
import { createDirectoryStore, ProductSearchClient, VisionBatchClient } from "vision-batch";
import * as own from "../../examples/migration/after.ts";
import * as old from "../../examples/migration/before.ts";
import { TestEmulator } from "../fixtures/emulator.ts";
import { openOfficialClient } from "../fixtures/official-client.ts";
import { root } from "./example-process.ts";

const uris = ["gs://scans/1.png", "gs://scans/2.png", "gs://scans/broken.png"];
const recordings = [
  { uri: "gs://scans/1.png", response: { fullTextAnnotation: { text: "total 1" } } },
  { uri: "gs://scans/2.png", response: { fullTextAnnotation: { text: "total 2" } } },
  { uri: "*", response: { error: { code: 3, message: "Bad image data." } } },
];

describe("moving from @google-cloud/vision", () => {
  let running: TestEmulator;
  let theirs: ReturnType<typeof openOfficialClient>;
  let ours: VisionBatchClient;
  let storage: Storage;

  beforeEach(async () => {
    running = await TestEmulator.start({ recordings });
    const { grpc, http } = running.emulator;
    theirs = openOfficialClient(grpc);
    ours = new VisionBatchClient({ emulator: { grpc } });
    storage = new Storage({ apiEndpoint: http, projectId: "emulated" });
  });

  afterEach(async () => {
    await theirs.close();
    await ours.close();
    await running.close();
  });

  it("gives the text of one image as before, and its error", async () => {
    for (const uri of uris.slice(0, 2)) {
      const text = await old.textOf(theirs, uri);
      expect(text).to.match(/^total \d$/);
      expect(await own.textOf(ours, uri)).to.equal(text);
    }
    const errors = await Promise.all(
      [old.textOf(theirs, uris[2]!), own.textOf(ours, uris[2]!)].map((promise) =>
        promise.catch((error: unknown) => String(error)),
      ),
    );
    for (const error of errors) expect(error).to.contain("Bad image data.");
  });

  it("gives the texts of a batch as before", async () => {
    const prefix = "gs://results/before/";
    const output = await old.waitFor(theirs, await old.submit(theirs, uris, prefix));
    const texts = await old.readTexts(storage, output);
    expect([...texts]).to.have.deep.members([
      ["gs://scans/1.png", "total 1"],
      ["gs://scans/2.png", "total 2"],
    ]);
    const ownOutput = await own.waitFor(ours, await own.submit(ours, uris, "gs://results/after/"));
    const store = createDirectoryStore(running.emulator.directory);
    expect(await own.readTexts(store, ownOutput)).to.deep.equal(texts);
  });

  it("follows an operation that the other client has started, both ways", async () => {
    const [one, two] = ["gs://results/one/", "gs://results/two/"];
    expect(await own.waitFor(ours, await old.submit(theirs, uris, one))).to.equal(one);
    expect(await old.waitFor(theirs, await own.submit(ours, uris, two))).to.equal(two);
  });

  it("sends the same request as before", async () => {
    await old.submit(theirs, uris, "gs://results/same/");
    await own.submit(ours, uris, "gs://results/same/");
    const [first, second] = running.emulator.admin.submits();
    expect(second!.fingerprint).to.equal(first!.fingerprint);
  });

  describe("docs/migration.md", () => {
    let text: string;

    before(async () => {
      text = await readFile(join(root, "docs/migration.md"), "utf8");
    });

    it("shows the programs that run here", async () => {
      const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
      const files = ["before.ts", "after.ts"].map((name) =>
        readFile(join(root, "examples/migration", name), "utf8"),
      );
      expect(blocks).to.deep.equal(await Promise.all(files));
    });

    it("names methods that are there, and every one that annotates", () => {
      const clients = [
        [vision.ImageAnnotatorClient, VisionBatchClient],
        [vision.ProductSearchClient, ProductSearchClient],
      ] as const;
      const sections = ["### Methods of the annotator", "### Methods of Product Search"];
      const named = sections.map((section) => methodsBelow(text, section));
      for (const [index, [theirClient, ownClient]] of clients.entries()) {
        for (const [their, our] of named[index]!) {
          expect(theirClient.prototype).to.respondTo(their!);
          for (const name of our!.match(/^\w+/) ?? [])
            expect(ownClient.prototype).to.respondTo(name);
        }
        expect(named[index]).to.have.length.above(5);
      }
      const annotating =
        /^(async|batch|check|annotate)|(Detection|Hints|Properties|Search|ization)$/;
      const methods = Object.getOwnPropertyNames(vision.ImageAnnotatorClient.prototype);
      expect(named[0]!.map(([their]) => their)).to.include.members(
        methods.filter((name) => annotating.test(name)),
      );
    });
  });
});

/** The first name in each cell of the table below a heading; of ours an empty one where there is none. */
function methodsBelow(text: string, heading: string): readonly (readonly string[])[] {
  const section = text.slice(text.indexOf(`\n${heading}\n`)).split(/\n##+ /)[1] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const names = rows.map((row) => row.split("|").slice(1, 3));
  return names.map((cells) => cells.map((cell) => /^ `(\w+)/.exec(cell)?.[1] ?? "")).slice(1);
}
