import { expect } from "chai";
import { Delivery, type DeliveryParts } from "../../src/workers/delivery.ts";
import { recordingLogger } from "../fixtures/recording-logger.ts";

describe("Delivery", () => {
  it("leaves a run of another version of the API to workers of that version", async () => {
    const { logger, entries } = recordingLogger();
    const options = { version: "v1p4beta1", output: "gs://out/" };
    const journal = {
      readRun: () => Promise.resolve({ id: "scans", options }),
      readChunk: () => Promise.resolve({ chunk: { undeliveredMs: 1 } }),
    };
    let calls = 0;
    const sink = (): Promise<void> => Promise.resolve(void calls++);
    const closing = new AbortController().signal;
    const parts = { journal, logger, sink, closing, version: "v1", inTransaction: false };
    const delivery = new Delivery(parts as object as DeliveryParts);
    const job = { id: "job", data: { run: 1, number: 0 }, signal: closing } as never;
    expect(await delivery.deliverAll([job])).to.have.nested.property("[0].status", "failed");
    expect(calls).to.equal(0);
    expect(String((entries[0]?.[1] as { error?: unknown }).error)).to.contain(
      'run "scans" is one of v1p4beta1, and this worker of v1',
    );
  });
});
