import type { ObjectStore } from "../../storage/object-store.ts";
import type { Annotator } from "../annotators/annotator.ts";
import type { EmulatorClock } from "../emulator-clock.ts";
import type { ShardFault } from "../faults/fault-rule.ts";
import type { ProcessingQueue } from "../processing-queue.ts";

/** What annotating needs. */
export interface AnnotationParts {
  /** Builds the annotator at first use, so that listening does not wait for it. */
  readonly annotator: () => Promise<Annotator>;
  readonly store: ObjectStore;
  /** What becomes of the next shard of a method, where a fault strikes it. */
  readonly strikeShard: (method: string) => ShardFault | undefined;
  /** The product sets that a search may name. */
  readonly productSets: { hasProductSet(name: string): boolean };
  readonly clock: EmulatorClock;
  readonly processingMsPerImage: number;
  /** How many images or pages of one request are worked on at a time. */
  readonly concurrency: number;
  /** Bounds the images that are held in memory, over all requests. */
  readonly imageSlots: ProcessingQueue;
  /** Bounds the files that are held in memory, over all requests. */
  readonly fileSlots: ProcessingQueue;
}
