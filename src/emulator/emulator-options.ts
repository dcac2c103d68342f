import type { EmulatorClock } from "./emulator-clock.ts";
import type { FaultRule } from "./faults/fault-rule.ts";

/** Limits of the emulated project. */
export interface EmulatorQuotas {
  /** Calls of ImageAnnotator and ProductSearch in any 60 s; those above are refused with RESOURCE_EXHAUSTED. Default: no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** Images (and files) in processing; operations above it wait in state CREATED. Default 8,000. */
  readonly imagesInProcessing?: number | undefined;
}

/** Where the emulator writes what it has to say; pino and console fit. */
export interface EmulatorLogger {
  /** Something that is asked for is left out. */
  warn(message: string): void;
}

/** How an emulator is set up. */
export interface EmulatorOptions {
  /** Default 0: any free port. */
  readonly grpcPort?: number | undefined;
  /** Port of REST, storage and admin. Default 0: any free port. */
  readonly httpPort?: number | undefined;
  /** The address to listen at. Default 127.0.0.1, which only this machine reaches. */
  readonly host?: string | undefined;
  /** The folder with one folder a bucket, and the resources of Product Search. Default: a temporary one, removed at close. */
  readonly directory?: string | undefined;
  /** Whether a write makes the bucket that it needs; if not, it fails as at the service. Default true. */
  readonly createBuckets?: boolean | undefined;
  /** A folder of recorded responses. */
  readonly recordedDir?: string | undefined;
  /** What recorded responses stand in for: features that are not worked out here (default), or all. */
  readonly recordedFor?: "missing" | "all" | undefined;
  /** Rules that make calls fail. Default: none. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** The seed of rules with a probability. Default 1. */
  readonly faultSeed?: number | undefined;
  /** Simulated work, in milliseconds an image or page. Default 0. */
  readonly processingMsPerImage?: number | undefined;
  /** Limits of the emulated project. */
  readonly quotas?: EmulatorQuotas | undefined;
  /** How long an operation that is done can be asked for. Default 24 h (what the service keeps is not documented). */
  readonly retentionMs?: number | undefined;
  /** False: CancelOperation answers UNIMPLEMENTED, as the live service may. Default true. */
  readonly cancelSupported?: boolean | undefined;
  /** The same for ListOperations. Default true. */
  readonly listSupported?: boolean | undefined;
  /** The same for DeleteOperation. Default true. */
  readonly deleteSupported?: boolean | undefined;
  /** The same for WaitOperation. Default true. */
  readonly waitSupported?: boolean | undefined;
  /** The project of operations whose request names no parent. Default `emulator`. */
  readonly projectId?: string | undefined;
  /** Default: the clock of the machine. */
  readonly clock?: EmulatorClock | undefined;
  /** Threads that annotate. Default: the cores less one. */
  readonly workers?: number | undefined;
  /** The time limit for one image or page, in milliseconds. Default 30,000. */
  readonly imageTimeoutMs?: number | undefined;
  /** Default: nothing is logged. */
  readonly logger?: EmulatorLogger | undefined;
}
