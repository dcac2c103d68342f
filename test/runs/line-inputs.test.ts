import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { createCloudStorageStore, InvalidRequestError, VisionBatchError } from "../../src/index.ts";
import { until } from "../fixtures/emulator.ts";
import { rejection } from "../fixtures/rejection.ts";
import { images, request, RunsFixture } from "./runs-fixture.ts";

describe("inputs that begin to come by themselves", () => {
  let fixture: RunsFixture;
  let path: string;
  const uris = images(3000).map((image) => (typeof image === "string" ? image : image.uri));

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    path = join(fixture.folder, "inputs.txt");
    await writeFile(path, `${uris.join("\n")}\n`);
  });

  afterEach(() => fixture.close());

  const readLines = async () => (await open(path)).readLines();

  /** Runs whose check of the output ends when the lines would all have come. */
  function openSlow(lines: { readonly closed?: boolean }) {
    const base = createCloudStorageStore({ apiEndpoint: fixture.addresses.rest });
    const write: typeof base.write = async (...args) => {
      for (let turn = 0; turn < 100 && lines.closed !== true; turn++) await nextTurn();
      return base.write(...args);
    };
    return fixture.open({ store: { ...base, write }, drive: false });
  }

  it("are planned from the first on, however long the checks before take", async () => {
    const holder: { closed?: boolean } = {};
    const runs = await openSlow(holder);
    const lines = await readLines();
    lines.once("close", () => (holder.closed = true));
    const run = await runs.start(request(0, { inputs: lines, imagesPerChunk: 2000 }));
    expect(run.planned.image).to.equal(3000);
    expect((await run.inputs(0))[0]?.uri).to.equal(uris[0]);
  });

  it("are counted, and resumed with, in the same way", async () => {
    const runs = await fixture.open({ drive: false });
    const counted = await runs.plan(request(0, { inputs: await readLines() }));
    expect(counted.inputs).to.equal(3000);
    async function* broken(): AsyncGenerator<string> {
      yield* uris.slice(0, 10);
      await nextTurn();
      throw new Error("the list broke off");
    }
    await rejection(runs.start(request(0, { inputs: broken() })));
    const run = await runs.resume("scans", { inputs: await readLines() });
    expect(run.planned.image).to.equal(3000);
  });

  it("are refused where they are lost already", async () => {
    const runs = await fixture.open({ drive: false });
    const lines = await readLines();
    let isClosed = false;
    lines.once("close", () => (isClosed = true));
    await until(() => isClosed);
    const error = await rejection(runs.start(request(0, { inputs: lines })));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect(error).to.have.property("message").that.contains("are lost");
    expect(await runs.get("scans")).to.equal(undefined);
  });

  it("are not left waiting where the run is refused, and a generator is left as it is", async () => {
    const runs = await fixture.open({ drive: false });
    const lines = await readLines();
    const wrong = { features: [{ type: "LABEL_DETECTION" as const, maxResults: -1 }] };
    const refused = await rejection(runs.start(request(0, { ...wrong, inputs: lines })));
    expect(refused).to.be.instanceOf(InvalidRequestError);
    expect(lines.listenerCount("line")).to.equal(0);
    async function* some(): AsyncGenerator<string> {
      await nextTurn();
      yield* uris.slice(0, 5);
    }
    const inputs = some();
    await rejection(runs.start(request(0, { ...wrong, inputs })));
    expect((await runs.start(request(0, { inputs }))).planned.image).to.equal(5);
  });
});
