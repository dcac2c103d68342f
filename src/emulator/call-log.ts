import type { ApiVersion } from "../protocol/api-version.ts";
import type { CallTransport } from "./emulated-call.ts";

/** One submit that was accepted: it started an operation. */
export interface SubmitRecord {
  /** e.g. `AsyncBatchAnnotateImages`. */
  readonly method: string;
  /** The version of the API that was called. */
  readonly version: ApiVersion;
  /** How it came. */
  readonly transport: CallTransport;
  /** RFC 3339. */
  readonly time: string;
  /** Images or files in the request; 1 for the CSV file of an import, 0 for a purge. */
  readonly inputCount: number;
  /** The output prefixes, in the order of the request. */
  readonly outputPrefixes: readonly string[];
  /** SHA-256 of the request's canonical JSON; see `fingerprintOf`. */
  readonly fingerprint: string;
  /** The operation that it started. */
  readonly operationName: string;
}

/** Remembers what was accepted, for tests to ask; all of it, until a reset: some hundred bytes a submit. */
export class CallLog {
  #submits: SubmitRecord[] = [];
  readonly #calls = new Map<string, number>();
  readonly #accepted = new Map<string, number>();
  readonly #polls = new Map<string, number>();
  readonly #cancels = new Map<string, number>();

  /** Every accepted submit, in order. */
  get submits(): readonly SubmitRecord[] {
    return this.#submits;
  }

  addSubmit(submit: SubmitRecord): void {
    this.#submits.push(submit);
  }

  /** A call has arrived, whatever became of it. */
  countCall(method: string): void {
    increment(this.#calls, method);
  }

  /** A call has taken effect, whatever becomes of its answer. */
  countAccepted(method: string): void {
    increment(this.#accepted, method);
  }

  /** A GetOperation or WaitOperation was answered. */
  countPoll(name: string): void {
    increment(this.#polls, name);
  }

  /** A CancelOperation was accepted. */
  countCancel(name: string): void {
    increment(this.#cancels, name);
  }

  calls(method: string): number {
    return this.#calls.get(method) ?? 0;
  }

  accepted(method: string): number {
    return this.#accepted.get(method) ?? 0;
  }

  polls(name: string): number {
    return this.#polls.get(name) ?? 0;
  }

  cancels(name: string): number {
    return this.#cancels.get(name) ?? 0;
  }

  /** Calls that arrived, by method. */
  get callCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#calls);
  }

  reset(): void {
    this.#submits = [];
    this.#calls.clear();
    this.#accepted.clear();
    this.#polls.clear();
    this.#cancels.clear();
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
