import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { VisionBatchError } from "../../src/errors/index.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { imagesRequest, TestEmulator, until } from "../fixtures/emulator.ts";
import { rejection } from "../fixtures/rejection.ts";

describe("startEmulator", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-start-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("listens at loopback, at ports of its own", async () => {
    await using emulator = await startEmulator();
    expect(emulator.grpc).to.match(/^127\.0\.0\.1:\d+$/);
    expect(emulator.http).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${emulator.http}/emulator/v1/submits`)).status).to.equal(200);
  });

  it("removes a temporary folder, and keeps a given one", async () => {
    const temporary = await startEmulator();
    await temporary.close();
    expect(existsSync(temporary.directory)).to.equal(false);
    const directory = join(folder, "buckets");
    const given = await TestEmulator.start({ directory });
    await given.done(await given.submit(imagesRequest(1)));
    await given.close();
    expect(await readdir(join(directory, "out", "run"))).to.deep.equal(["output-1-to-1.json"]);
  });

  it("closes while callers wait and operations are held, and may be closed again", async () => {
    const running = await TestEmulator.start();
    running.emulator.admin.holdOperations(true);
    const name = await running.submit(imagesRequest(1));
    const waiting = running.operations("WaitOperation", { name });
    await until(() => running.emulator.admin.polls(name) === 1);
    const keptAlive = await fetch(`${running.emulator.http}/emulator/v1/submits`);
    await keptAlive.text();
    await running.emulator.close();
    expect((await waiting).code).to.equal("UNAVAILABLE");
    await running.close();
  });

  it("is closed for every caller of close at the same time", async () => {
    const emulator = await startEmulator();
    void emulator.close();
    await emulator.close();
    expect(existsSync(emulator.directory)).to.equal(false);
  });

  it("refuses fault rules that cannot be used and leaves nothing open", async () => {
    const faults = [{ times: 0, delayMs: 1 }];
    const error = await rejection(startEmulator({ faults, directory: folder }));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect((error as Error).message).to.include("rule 0: times");
  });

  it("refuses recorded responses that cannot be used", async () => {
    await writeFile(join(folder, "index.json"), "[{}]");
    const error = await rejection(startEmulator({ recordedDir: folder }));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect((error as Error).message).to.include("index.json[0]");
  });

  it("refuses a port that is taken and closes what it had opened", async () => {
    await using first = await startEmulator();
    const httpPort = Number(new URL(first.http).port);
    expect(await rejection(startEmulator({ httpPort }))).to.include({ code: "EADDRINUSE" });
  });
});
