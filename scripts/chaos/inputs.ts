import type { RunInputObject } from "../../src/index.ts";

/** The name of the run of every scenario. */
export const runId = "chaos";
/** Where its results are written. */
export const output = "gs://out/results/";

/** The images of a run; what the emulator makes of each depends on its name. */
export function* chaosInputs(count: number): Generator<RunInputObject, void, void> {
  for (let index = 0; index < count; index++) {
    yield { uri: `gs://inputs/${index}.png`, customId: `image ${index}` };
  }
}

const labelAnnotations = [{ description: "cat", score: 0.5 }];

/** What the emulator has recorded: most images have labels, some an error, some both. */
export const recordings: readonly object[] = [
  {
    uri: "gs://inputs/*77.png",
    response: { error: { code: 3, message: "Bad image data." } },
  },
  {
    uri: "gs://inputs/*33.png",
    response: { labelAnnotations, error: { code: 4, message: "Partly." } },
  },
  { uri: "*", response: { labelAnnotations } },
];
