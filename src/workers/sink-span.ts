import { chunkAttributes } from "../runs/driver/chunk-telemetry.ts";
import type { ChunkWithAttempt } from "../runs/journal/chunk-record.ts";
import type { RunRecord } from "../runs/journal/run-record.ts";
import type { SpanStart } from "../telemetry/index.ts";

/** The span of a call of the sink: part of the reading of its records, or where they are read once more a trace of its own. */
export function sinkSpan(
  { id }: RunRecord,
  ended: ChunkWithAttempt,
  { isRoot }: { readonly isRoot: boolean },
): SpanStart {
  return {
    ...{ activity: "deliver", name: "vision_batch.deliver", isRoot },
    follows: ended.attempt?.operation?.traceparent,
    attributes: chunkAttributes(id, ended),
  };
}
