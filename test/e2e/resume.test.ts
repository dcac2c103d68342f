import { expect } from "chai";
import { startChildScript } from "../fixtures/child-script.ts";
import { imagesRequest, TestEmulator } from "../fixtures/emulator.ts";

describe("an operation whose process is killed", () => {
  let emulator: TestEmulator;

  beforeEach(async () => {
    emulator = await TestEmulator.start();
  });

  afterEach(async () => {
    await emulator.close();
  });

  it("is waited for and read by another process, by its token", async () => {
    const { admin, grpc, directory } = emulator.emulator;
    admin.holdOperations(true);
    const first = startChildScript("submit-and-hang.ts", [grpc, JSON.stringify(imagesRequest(3))]);
    const token = await first.nextLine();
    first.process.kill("SIGKILL");
    expect(await first.ended).to.equal("SIGKILL");

    const second = startChildScript("wait-and-read.ts", [grpc, directory, token]);
    expect(await second.nextLine()).to.match(/^following projects\/emulator\/operations\//);
    admin.releaseOperation();
    const uris: unknown[] = [];
    for (let line = 0; line < 3; line += 1) {
      const record = JSON.parse(await second.nextLine()) as Record<string, unknown>;
      expect(record).to.include({ status: "succeeded" });
      uris.push(record["uri"]);
    }
    expect(uris).to.have.members(["gs://inputs/1.png", "gs://inputs/2.png", "gs://inputs/3.png"]);
    expect(await second.ended).to.equal(0);
    expect(admin.submits()).to.have.length(1);
  });
});
