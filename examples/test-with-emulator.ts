/**
 * Tests code that uses this package, without Google: the emulator runs in the process of the test,
 * reads a real image and loses an answer when it is told to.
 *
 *   npm run build   # once, for a clone of the repository
 *   node --test examples/test-with-emulator.ts
 */
import assert from "node:assert/strict";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createDirectoryStore, readResults, SubmitError, VisionBatchClient } from "vision-batch";
import { startEmulator, type Emulator } from "vision-batch/emulator";

/** The code under test: submits, and again only where nothing was accepted. */
async function submit(client: VisionBatchClient, imageUri: string, output: string) {
  const request = {
    requests: [
      { image: { source: { imageUri } }, features: [{ type: "TEXT_DETECTION" as const }] },
    ],
    outputConfig: { gcsDestination: { uri: output } },
  };
  try {
    return await client.asyncBatchAnnotateImages(request);
  } catch (error) {
    const mayRepeat = error instanceof SubmitError && error.outcome === "rejected";
    if (!mayRepeat) throw error;
    return client.asyncBatchAnnotateImages(request);
  }
}

let emulator: Emulator;
let client: VisionBatchClient;

before(async () => {
  emulator = await startEmulator({ workers: 1 });
  client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
});

after(async () => {
  await client.close();
  await emulator.close();
});

void test("the text of an image is read", async () => {
  // A bucket is a folder: what lies there is an object.
  await mkdir(join(emulator.directory, "scans"));
  const receipt = join(import.meta.dirname, "inputs/receipt.png");
  await copyFile(receipt, join(emulator.directory, "scans/receipt.png"));

  const operation = await submit(client, "gs://scans/receipt.png", "gs://results/receipt/");
  await operation.wait();
  const store = createDirectoryStore(emulator.directory);
  for await (const record of readResults(store, "gs://results/receipt/")) {
    assert.equal(record.status, "succeeded");
    assert.match(record.response.fullTextAnnotation?.text ?? "", /total/i);
  }
});

void test("a submit that was refused is sent again", async () => {
  await emulator.admin.reset();
  const status = { code: "RESOURCE_EXHAUSTED", message: "slow down" } as const;
  emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
  await submit(client, "gs://scans/receipt.png", "gs://results/refused/");
  assert.equal(emulator.admin.submits().length, 1);
});

void test("a submit whose answer was lost is not sent again", async () => {
  await emulator.admin.reset();
  const status = { code: "UNAVAILABLE", message: "lost" } as const;
  const when = "afterAcceptance";
  emulator.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, when, status }]);
  await assert.rejects(submit(client, "gs://scans/receipt.png", "gs://results/lost/"), {
    name: "SubmitError",
    outcome: "unknown",
  });
  assert.equal(emulator.admin.submits().length, 1);
});
