import type { Annotator, AnnotatorOptions } from "./annotators/annotator.ts";

import type { EmulatorOptions } from "./emulator-options.ts";

/** Builds the annotator when the first image needs it. */
export class LazyAnnotator {
  readonly #options: AnnotatorOptions;
  #annotator: Promise<Annotator> | undefined;

  constructor({ recordedDir, recordedFor, workers, imageTimeoutMs }: EmulatorOptions) {
    this.#options = {
      ...(recordedDir === undefined ? {} : { recordedDir }),
      ...(recordedFor === undefined ? {} : { recordedFor }),
      ...(workers === undefined ? {} : { workers }),
      ...(imageTimeoutMs === undefined ? {} : { imageTimeoutMs }),
    };
  }

  /** @throws VisionBatchError for a folder of recorded responses that cannot be used. */
  get(): Promise<Annotator> {
    this.#annotator ??= this.#build();
    return this.#annotator;
  }

  async close(): Promise<void> {
    const annotator = await this.#annotator?.catch(() => undefined);
    await annotator?.close();
  }

  async #build(): Promise<Annotator> {
    const { createAnnotator } = await import("./annotators/annotator.ts");
    return createAnnotator(this.#options);
  }
}
