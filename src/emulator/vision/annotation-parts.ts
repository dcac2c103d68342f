import type { ObjectStore } from "../../storage/object-store.ts";
import type { Annotator } from "../annotators/annotator.ts";
import type { EmulatorClock } from "../emulator-clock.ts";

/** What annotating needs. */
export interface AnnotationParts {
  /** Builds the annotator at first use, so that listening does not wait for it. */
  readonly annotator: () => Promise<Annotator>;
  readonly store: ObjectStore;
  readonly clock: EmulatorClock;
  readonly processingMsPerImage: number;
  /** How many images or pages of one request are worked on at a time. */
  readonly concurrency: number;
}
