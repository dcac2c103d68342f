import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stageFile } from "../../../src/cli/inputs/stage-input.ts";
import {
  createCloudStorageStore,
  createDirectoryStore,
  objectNameProblem,
  parseGsUri,
} from "../../../src/storage/index.ts";
import { TestEmulator } from "../../fixtures/emulator.ts";

describe("stageFile", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vision-batch-stage-"));
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function stage(name: string, content: string): Promise<string> {
    await writeFile(join(root, name), content);
    const store = createDirectoryStore(join(root, "buckets"));
    const { signal } = new AbortController();
    const context = { store, output: "gs://bucket/out/", signal };
    const uri = await stageFile(join(root, name), context);
    expect((await store.stat(uri))?.size).to.equal(Buffer.byteLength(content));
    return uri;
  }

  it("names the object by content and name", async () => {
    const uri = await stage("a b.png", "one");
    expect(uri).to.match(/^gs:\/\/bucket\/out\/inputs\/[0-9a-f]{32}\/a b\.png$/);
    expect(await stage("a b.png", "two")).not.to.equal(uri);
  });

  it("leaves a file that is there already", async () => {
    expect(await stage("a.png", "one")).to.equal(await stage("a.png", "one"));
  });

  it("outlives a transient error of the store", async () => {
    const running = await TestEmulator.start();
    const { emulator } = running;
    try {
      const status = { code: "UNAVAILABLE", message: "for now" } as const;
      emulator.admin.setFaults([{ service: "storage", times: 2, status }]);
      const store = createCloudStorageStore({
        apiEndpoint: emulator.http,
        retry: { initialDelayMs: 1 },
      });
      await writeFile(join(root, "a.png"), "one");
      const { signal } = new AbortController();
      const context = { store, output: "gs://bucket/out/", signal };
      const uri = await stageFile(join(root, "a.png"), context);
      expect((await store.stat(uri))?.size).to.equal(3);
    } finally {
      await running.close();
    }
  });

  it("makes an object's name of any file's name", async () => {
    for (const name of ["line\nbreak.png", `${"ä".repeat(120)}.png`, "%2F#?.png"]) {
      const { name: objectName } = parseGsUri(await stage(name, "x"));
      expect(objectNameProblem(objectName), name).to.equal(undefined);
      expect(objectName).to.match(/\.png$/);
    }
  });
});
