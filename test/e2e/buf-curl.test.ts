import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { imagesRequest, label, TestEmulator } from "../fixtures/emulator.ts";

const run = promisify(execFile);
const buf = join(import.meta.dirname, "../../node_modules/.bin/buf");
const grpc = ["--protocol", "grpc", "--http2-prior-knowledge"] as const;

describe("buf curl against the emulator, by reflection", () => {
  let running: TestEmulator;
  let cache: string;
  before(async () => {
    running = await TestEmulator.start();
    cache = await mkdtemp(join(tmpdir(), "vision-batch-buf-"));
  });
  after(async () => {
    await running.close();
    await rm(cache, { recursive: true, force: true });
  });

  const curl = async (path: string, ...more: readonly string[]): Promise<string> => {
    const url = `http://${running.emulator.grpc}${path}`;
    const env = { ...process.env, BUF_CACHE_DIR: cache };
    const { stdout } = await run(buf, ["curl", ...grpc, ...more, url], { env });
    return stdout;
  };
  const call = async (path: string, request: object): Promise<Record<string, unknown>> =>
    JSON.parse(await curl(path, "--data", JSON.stringify(request))) as Record<string, unknown>;

  it("lists the services", async () => {
    const services = (await curl("", "--list-services")).trim().split("\n");
    expect(services).to.include.members([
      ...["v1", "v1p1beta1", "v1p2beta1", "v1p3beta1", "v1p4beta1"].map(
        (version) => `google.cloud.vision.${version}.ImageAnnotator`,
      ),
      "google.longrunning.Operations",
    ]);
  });

  it("annotates an image", async () => {
    const { requests } = imagesRequest(1) as { requests: object[] };
    const path = "/google.cloud.vision.v1p1beta1.ImageAnnotator/BatchAnnotateImages";
    expect(await call(path, { requests })).to.deep.equal({ responses: [label] });
  });

  it("submits, with a map and with the metadata of the operation", async () => {
    const path = "/google.cloud.vision.v1.ImageAnnotator/AsyncBatchAnnotateImages";
    const { name, metadata } = await call(path, { ...imagesRequest(2), labels: { team: "a" } });
    expect(metadata).to.include({ state: "CREATED" });
    const done = await call("/google.longrunning.Operations/WaitOperation", {
      name,
      timeout: "9s",
    });
    expect(done["response"]).to.deep.equal({
      "@type": "type.googleapis.com/google.cloud.vision.v1.AsyncBatchAnnotateImagesResponse",
      outputConfig: { gcsDestination: { uri: "gs://out/run/" } },
    });
  });
});
