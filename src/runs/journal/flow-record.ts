/** The limits that all submits of a scope share. A chunk is always let through when nothing else of its kind is in processing. */
export interface FlowLimits {
  /** Images in processing: those of image chunks that are submitting, running or of unknown fate. */
  readonly maxImagesInProcessing: number;
  /** The same of files: how many pages they have is not known before they are read. */
  readonly maxFilesInProcessing: number;
  /** Submits per minute; they are spread evenly over it. */
  readonly requestsPerMinute: number;
  /** How long after its intent an attempt of unknown fate counts as being in processing. */
  readonly unknownHoldMs: number;
}

/** How the pace of a scope changes. */
export interface FlowChange {
  /** Multiplies the rate of submits: 0.5 after RESOURCE_EXHAUSTED, above 1 after one that was accepted. */
  readonly rateFactor: number;
  /** No submit before this time. */
  readonly notBeforeMs?: number;
}

/** The pace of a scope. */
export interface FlowRecord {
  readonly scope: string;
  /** The share of the allowed rate that is used: from {@link minRate} to 1. */
  readonly rate: number;
  /** No submit before this time. */
  readonly notBeforeMs: number;
}

/** The slowest that a scope gets. */
export const minRate = 1 / 64;
