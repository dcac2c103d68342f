import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../../src/storage/index.ts";

/** The inputs in the bucket. */
export interface StagedInputs {
  /** Copies of one picture whose names are not in the order of the list. */
  readonly pictures: readonly string[];
  /** One picture more. */
  readonly picture: string;
  /** No picture, though its name says so. */
  readonly broken: string;
  /** A document of three pages. */
  readonly report: string;
  /** Nothing is there. */
  readonly missing: string;
}

const samples = join(import.meta.dirname, "../../examples/inputs");
// Neither the order of the names nor its reverse: whatever the service sorts by would show.
const letters = ["f", "b", "h", "c", "a", "j", "d", "g", "i", "e"];

/** Where the inputs are to be below a prefix; nothing is written. */
export function placeInputs(prefix: string): StagedInputs {
  const at = (name: string): string => `${prefix}inputs/${name}`;
  return {
    pictures: letters.map((letter) => at(`picture-${letter}.png`)),
    picture: at("picture.png"),
    broken: at("broken.png"),
    report: at("report.pdf"),
    missing: at("missing.png"),
  };
}

/** Writes the inputs, from the samples of this repository. */
export async function stageInputs(
  store: ObjectStore,
  inputs: StagedInputs,
  signal: AbortSignal,
): Promise<void> {
  const sample = (name: string): Promise<Buffer> => readFile(join(samples, name));
  const picture = await sample("receipt.png");
  const png = { contentType: "image/png", signal };
  const pdf = { contentType: "application/pdf", signal };
  for (const uri of [...inputs.pictures, inputs.picture]) await store.write(uri, picture, png);
  await store.write(inputs.broken, await sample("broken.png"), png);
  await store.write(inputs.report, await sample("report.pdf"), pdf);
}
