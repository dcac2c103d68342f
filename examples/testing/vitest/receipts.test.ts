/**
 * Tests code that uses this package, without Google, in vitest: the emulator runs in the process of the
 * test. Its answers are recorded ones, in `../recorded/`, so that no image is needed and none is read.
 *
 *   npm run build   # once, for a clone of the repository
 *   npx vitest run --root examples/testing/vitest
 */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDirectoryStore, VisionBatchClient } from "vision-batch";
import { startEmulator, type Emulator } from "vision-batch/emulator";
import { readReceipt, submitReceipt } from "../receipts.ts";

describe("receipts", () => {
  let emulator: Emulator;
  let client: VisionBatchClient;

  beforeAll(async () => {
    const recordedDir = join(import.meta.dirname, "../recorded");
    emulator = await startEmulator({ recordedDir, recordedFor: "all" });
    client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
  });

  beforeEach(() => emulator.admin.reset());

  afterAll(async () => {
    await client.close();
    await emulator.close();
  });

  it("reads the text of an image", async () => {
    const operation = await submitReceipt(client, "gs://scans/1.png", "gs://results/read/");
    await operation.wait();
    const store = createDirectoryStore(emulator.directory);
    expect(await readReceipt(store, "gs://results/read/")).toMatch(/total/i);
  });

  it("sends again what was refused", async () => {
    const status = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
    emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
    await submitReceipt(client, "gs://scans/1.png", "gs://results/refused/");
    expect(emulator.admin.submits()).toHaveLength(1);
  });

  it("does not send again what may have been accepted", async () => {
    const status = { code: "UNAVAILABLE", message: "lost" } as const;
    const when = "afterAcceptance";
    emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, when, status }]);
    const submit = submitReceipt(client, "gs://scans/1.png", "gs://results/lost/");
    await expect(submit).rejects.toMatchObject({ name: "SubmitError", outcome: "unknown" });
    expect(emulator.admin.submits()).toHaveLength(1);
  });
});
