import type { ResultRecord } from "../../results/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { LiveInputs } from "./live-results.ts";

/** Takes the records of every chunk while its output is read, so that nobody has to read it again. */
export interface RecordSink {
  /** What was not taken is asked for again after so long at the latest. */
  readonly againMs: number;
  /** Begins with a chunk whose output is about to be read. */
  open(held: HeldChunk, given: LiveInputs): SinkChunk;
}

/** The records of one chunk on their way to a sink. */
export interface SinkChunk {
  /** Resolves once the records were taken, or are not wanted. */
  put(records: readonly ResultRecord<ApiVersion>[]): Promise<void>;
  /**
   * All were told: writes the step that ends the chunk, by `write` or in a transaction with what was taken;
   * what was not taken after all stays undelivered. False where the claim is lost.
   */
  end(step: ChunkStep, write: (step: ChunkStep) => Promise<boolean>): Promise<boolean>;
  /** The reading is of no use; resolves when nothing is taken any more. */
  drop(): Promise<void>;
}
