import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ObjectStore } from "../../storage/index.ts";
import type { Telemetry } from "../../telemetry/index.ts";
import type { Logger } from "../../transport/index.ts";
import type { Journal } from "../journal/journal.ts";
import type { RunClock } from "../run-clock.ts";
import type { HeldGauge } from "./chunk-telemetry.ts";
import type { CollectTurns } from "./collect-turns.ts";
import type { HeldChunk } from "./held-chunk.ts";
import type { KeyedSlots } from "./keyed-slots.ts";
import type { LiveResults } from "./live-results.ts";
import type { Outage } from "./outage.ts";
import type { RecordSink } from "./record-sink.ts";
import type { RunService } from "./run-service.ts";
import type { Stay } from "./stay.ts";
import type { StepWriter } from "./step-writer.ts";
import type { WakeUp } from "./wake-up.ts";

/** What everything that works on chunks in one process shares. */
export interface DriverParts {
  readonly journal: Journal;
  readonly service: RunService;
  readonly version: ApiVersion;
  readonly store: ObjectStore;
  readonly clock: RunClock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Told of each state that a chunk comes to. */
  readonly held: HeldGauge;
  readonly stay: Stay;
  readonly writer: StepWriter;
  readonly live: LiveResults;
  /** Absent: records are taken by readers only. */
  readonly sink?: RecordSink | undefined;
  /**
   * So many chunks of a run and kind at a time wait for room: the others would only ask as well. Those of
   * other runs have limits of their own, and those of the other kind as well.
   */
  readonly submitTurns: KeyedSlots;
  readonly outage: Outage;
  /** See `WorkerOptions.connectNoticeMs`. */
  readonly connectNoticeMs: number;
  readonly collectTurns: CollectTurns;
  /** Wakes when an operation has ended: there may be room for another. */
  readonly room: WakeUp;
  /** Aborts when a shutdown does not wait any longer for answers. */
  readonly hurry: AbortSignal;
  /** Told of an error that would meet every chunk of the run. */
  readonly onProblem: (held: HeldChunk, error: Error) => void;
  /** Told of every step, once it is written or kept for later. */
  readonly onStep: (held: HeldChunk) => void;
}
