/**
 * Tests code that uses this package, without Google, in node:test: the emulator runs in the process of
 * the test, reads a real image and loses an answer when it is told to.
 *
 *   npm run build   # once, for a clone of the repository
 *   node --test examples/testing/node-test/receipts.test.ts
 */
import assert from "node:assert/strict";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { createDirectoryStore, VisionBatchClient } from "vision-batch";
import { startEmulator, type Emulator } from "vision-batch/emulator";
import { readReceipt, submitReceipt } from "../receipts.ts";

let emulator: Emulator;
let client: VisionBatchClient;

before(async () => {
  emulator = await startEmulator({ workers: 1 });
  client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
});

beforeEach(() => emulator.admin.reset());

after(async () => {
  await client.close();
  await emulator.close();
});

void test("the text of an image is read", async () => {
  // A bucket is a folder: what lies there is an object.
  await mkdir(join(emulator.directory, "scans"));
  const receipt = join(import.meta.dirname, "../../inputs/receipt.png");
  await copyFile(receipt, join(emulator.directory, "scans/receipt.png"));

  const operation = await submitReceipt(client, "gs://scans/receipt.png", "gs://results/read/");
  await operation.wait();
  const store = createDirectoryStore(emulator.directory);
  assert.match(await readReceipt(store, "gs://results/read/"), /total/i);
});

void test("a submit that was refused is sent again", async () => {
  const status = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
  emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
  await submitReceipt(client, "gs://scans/receipt.png", "gs://results/refused/");
  assert.equal(emulator.admin.submits().length, 1);
});

void test("a submit whose answer was lost is not sent again", async () => {
  const status = { code: "UNAVAILABLE", message: "lost" } as const;
  const when = "afterAcceptance";
  emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, when, status }]);
  await assert.rejects(submitReceipt(client, "gs://scans/receipt.png", "gs://results/lost/"), {
    name: "SubmitError",
    outcome: "unknown",
  });
  assert.equal(emulator.admin.submits().length, 1);
});
