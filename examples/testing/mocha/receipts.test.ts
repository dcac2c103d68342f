/**
 * Tests code that uses this package, without Google, in mocha: the emulator runs in the process of the
 * test. Its answers are recorded ones, in `../recorded/`, so that no image is needed and none is read.
 *
 *   npm run build   # once, for a clone of the repository
 *   npx mocha --no-config examples/testing/mocha/receipts.test.ts
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createDirectoryStore, VisionBatchClient } from "vision-batch";
import { startEmulator, type Emulator } from "vision-batch/emulator";
import { readReceipt, submitReceipt } from "../receipts.ts";

describe("receipts", () => {
  let emulator: Emulator;
  let client: VisionBatchClient;

  before(async () => {
    const recordedDir = join(import.meta.dirname, "../recorded");
    emulator = await startEmulator({ recordedDir, recordedFor: "all" });
    client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
  });

  beforeEach(() => emulator.admin.reset());

  after(async () => {
    await client.close();
    await emulator.close();
  });

  it("reads the text of an image", async () => {
    const operation = await submitReceipt(client, "gs://scans/1.png", "gs://results/read/");
    await operation.wait();
    const store = createDirectoryStore(emulator.directory);
    assert.match(await readReceipt(store, "gs://results/read/"), /total/i);
  });

  it("sends again what was refused", async () => {
    const status = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
    emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
    await submitReceipt(client, "gs://scans/1.png", "gs://results/refused/");
    assert.equal(emulator.admin.submits().length, 1);
  });

  it("does not send again what may have been accepted", async () => {
    const status = { code: "UNAVAILABLE", message: "lost" } as const;
    const when = "afterAcceptance";
    emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, when, status }]);
    const submit = submitReceipt(client, "gs://scans/1.png", "gs://results/lost/");
    await assert.rejects(submit, { name: "SubmitError", outcome: "unknown" });
    assert.equal(emulator.admin.submits().length, 1);
  });
});
