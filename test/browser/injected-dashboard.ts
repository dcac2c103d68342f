import type { ChunkDetail, RunDetail } from "../../src/dashboard/dashboard-data.ts";
import { sampleChunkDetail, sampleMs, sampleRun } from "./dashboard-samples.ts";

/** A run with the same text wherever something from outside may stand. */
export function injectedRun(text: string): RunDetail {
  const run = sampleRun();
  const error = { name: text, code: text, message: text };
  const event = {
    id: 1,
    atMs: sampleMs,
    type: text,
    text,
    isTrouble: true,
    chunk: 3,
    worker: text,
  };
  return {
    ...run,
    ...{ id: text, error, problem: { sinceMs: sampleMs, error } },
    ...{ cost: { currency: text, amount: 1, unpriced: [text] } },
    options: {
      ...run.options,
      ...{ version: text, output: text, imageContext: text, labels: { [text]: text } },
      features: [{ type: text, model: text }],
    },
    limits: { ...run.limits, scope: text },
    claims: [{ worker: text, chunks: 1, leaseUntilMs: sampleMs }],
    ...{ errors: [event], events: [event] },
  };
}

/** A chunk of such a run. */
export function injectedChunk(number: number, text: string): ChunkDetail {
  const error = { name: text, code: text, message: text };
  const chunk = sampleChunkDetail(number);
  return {
    ...{ ...chunk, error, operation: text, worker: text, inputs: [text], manifest: text },
    attempts: chunk.attempts.map((each) => ({
      ...{ ...each, operation: text, prefix: text, worker: text, error },
    })),
    events: chunk.events.map((each) => ({ ...each, text, type: text, worker: text })),
  };
}
