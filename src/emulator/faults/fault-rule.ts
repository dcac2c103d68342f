import type { ServiceStatus } from "../service-error.ts";

/** The part of the emulator that a rule is about. */
export type FaultService = "vision" | "operations" | "storage";

/**
 * When a fault strikes: before the call has any effect, after it has taken effect but before its
 * answer, or `operation`: the call is answered as usual and the operation that it started fails; or
 * `output`: the operation succeeds, but not every shard of it is there and whole.
 */
export type FaultMoment = "beforeAcceptance" | "afterAcceptance" | "operation" | "output";

/** What becomes of a shard: it is never written, or only the first part of it. */
export type ShardFault = "missing" | "truncated";

/** How a connection is dropped: without any answer, after the first part of it, or after the whole. */
export type DropMoment = "beforeHeaders" | "afterHeaders" | "afterResponse";

/** One rule of a fault script; it is plain JSON, so that it can stand in a file. */
export interface FaultRule {
  /** Default: every service. */
  readonly service?: FaultService;
  /** A method name (`AsyncBatchAnnotateImages`, `GetOperation`, `objects.get`), `*` for any part. Default: every method. */
  readonly method?: string;
  /** Strikes at these of the calls (with `when: "output"`, of the shards) that the rule matches, counted from 1. Default: all. */
  readonly nth?: number | readonly number[];
  /** Strikes with this probability, 0..1, from the seeded source. Default: 1. */
  readonly probability?: number;
  /** Strikes at most so many times. Default: no limit. */
  readonly times?: number;
  /** Default: `beforeAcceptance`. */
  readonly when?: FaultMoment;
  /** The status to answer; with `when: "operation"` the code `OK` ends the operation with neither result nor error. */
  readonly status?: ServiceStatus;
  /** How long to hold the call at that moment, in milliseconds. */
  readonly delayMs?: number;
  /**
   * Ends the TCP connection of the call, and with it every other call on it; `true` is `beforeHeaders`.
   * `afterResponse` needs a `service` that is not storage, and `when: "afterAcceptance"`.
   */
  readonly dropConnection?: boolean | DropMoment;
  /** Storage only, with `dropConnection: "afterHeaders"`: after so many bytes of the content. Default 0. */
  readonly afterBytes?: number;
  /** What becomes of a shard, with `when: "output"`. */
  readonly shard?: ShardFault;
}

/** What a rule does to one call. */
export interface FaultStrike {
  readonly delayMs: number;
  readonly status?: ServiceStatus;
  readonly drop?: DropMoment;
  readonly afterBytes: number;
}
