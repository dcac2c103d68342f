import type { LiveContext } from "./live-context.ts";

/** What a probe found out. */
export interface Finding {
  /** One sentence for a person. */
  readonly observed: string;
  /** What the sentence rests on, as JSON. */
  readonly evidence: unknown;
}

/** Work that is billed and that several probes look at; it is done once. */
export interface SharedWork<T> {
  readonly purpose: string;
  /** The units that it is billed for, at most. */
  readonly units: number;
  run(context: LiveContext): Promise<T>;
}

/** A question to the service. */
export interface Probe {
  readonly key: string;
  readonly question: string;
  /** The units that it is billed for, at most, beside those of the shared work. */
  readonly units: number;
  readonly shared?: SharedWork<unknown>;
  /** Whether it begins only when the other probes have ended. Default false. */
  readonly last?: boolean;
  readonly run: (context: LiveContext) => Promise<Finding>;
}
