import { RpcError, StorageError, SubmitError, type Code } from "../../../../src/errors/index.ts";
import type { OperationToken } from "../../../../src/operations/operation-token.ts";
import {
  inputStatuses,
  type AttemptRecord,
  type InputStatus,
} from "../../../../src/runs/journal/chunk-record.ts";
import type { Evidence, OperationFinding } from "../../../../src/runs/steps/index.ts";
import type { OutputReadEvidence } from "../../../../src/runs/steps/index.ts";

/** Numbers from 0 to 1. */
export type Random = () => number;

/** How bad the service and its store are; each from 0 to 1. */
export interface Faults {
  /** Submits whose answer is lost, before or after they were accepted. */
  readonly lostAnswers: number;
  /** Submits that are refused. */
  readonly rejections: number;
  /** Submits that cannot leave. */
  readonly outages: number;
  /** Reads that fail. */
  readonly failedReads: number;
  /** Operations that end with an error. */
  readonly failedOperations: number;
  /** Operations that are forgotten soon after their end. */
  readonly expiry: number;
  /** Shards that are late, malformed or never written. */
  readonly badShards: number;
}

interface Shard {
  readonly inputs: readonly number[];
  /** Infinity: never. */
  readonly writtenMs: number;
  readonly isMalformed: boolean;
}

/** A submit that the server has accepted: its own record, which the tests believe. */
export interface AcceptedSubmit {
  readonly prefix: string;
  readonly chunk: number;
  readonly operation: OperationToken;
  readonly shards: Shard[];
  endMs: number;
  end: "succeeded" | "failed" | "cancelled";
  readonly expiresMs: number;
  readonly cancels: "yes" | "no" | "ignores";
}

/** A request to annotate the inputs of a chunk. */
export interface SimulatedSubmit {
  readonly prefix: string;
  readonly chunk: number;
  /** Numbers of the inputs in the run. */
  readonly inputs: readonly number[];
}

const secondMs = 1000;

/** A service and its object store in virtual time, that keep a record of what they accepted. */
export class SimulatedServer {
  faults: Faults;
  readonly accepted: AcceptedSubmit[] = [];
  readonly #arriving: (SimulatedSubmit & { readonly atMs: number })[] = [];
  readonly #random: Random;
  #nowMs = 0;

  constructor(faults: Faults, random: Random) {
    this.faults = faults;
    this.#random = random;
  }

  /** Time has come to be this: requests that were long under way arrive. */
  advanceTo(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const late of this.#arriving.splice(0)) {
      if (late.atMs <= nowMs) this.#accept(late);
      else this.#arriving.push(late);
    }
  }

  /** How many requests were accepted for a chunk. */
  acceptedOf(chunk: number): number {
    return this.accepted.filter((each) => each.chunk === chunk).length;
  }

  submit(request: SimulatedSubmit): Evidence {
    if (this.#chance(this.faults.rejections)) return this.#reject();
    if (!this.#chance(this.faults.lostAnswers)) {
      return { type: "accepted", operation: this.#accept(request).operation };
    }
    const fate = this.#random();
    if (fate < 0.4) this.#accept(request);
    else if (fate < 0.7) {
      this.#arriving.push({ ...request, atMs: this.#nowMs + this.#random() * 60 * secondMs });
    }
    return submitFailed("unknown", "UNAVAILABLE");
  }

  read(operation: OperationToken): Evidence {
    const error = this.#readFailure();
    if (error !== undefined) return { type: "operationUnread", error };
    const found = this.accepted.find((each) => each.operation.name === operation.name);
    if (found === undefined || this.#nowMs >= found.expiresMs) {
      return { type: "operationUnread", error: rpcError("NOT_FOUND") };
    }
    return { type: "operationRead", finding: this.#findingOf(found) };
  }

  cancel(operation: OperationToken): Evidence {
    const error = this.#readFailure();
    if (error !== undefined) return { type: "cancelFailed", error };
    const found = this.accepted.find((each) => each.operation.name === operation.name);
    if (found === undefined || this.#nowMs >= found.expiresMs) {
      return { type: "cancelFailed", error: rpcError("NOT_FOUND") };
    }
    if (found.cancels === "no") return { type: "cancelFailed", error: rpcError("UNIMPLEMENTED") };
    if (found.cancels === "yes" && found.endMs > this.#nowMs) this.#end(found);
    return { type: "cancelAsked" };
  }

  /** Only operations that have ended tell their prefix. */
  list(attempt: AttemptRecord): Evidence {
    const error = this.#readFailure();
    if (error !== undefined) return { type: "operationsUnlisted", error };
    if (this.#chance(0.3)) {
      return { type: "operationsUnlisted", error: rpcError("UNIMPLEMENTED") };
    }
    const match = this.accepted.find(
      ({ prefix, end, endMs, expiresMs }) =>
        prefix === attempt.prefix &&
        end === "succeeded" &&
        endMs <= this.#nowMs &&
        this.#nowMs < expiresMs,
    );
    if (match === undefined) return { type: "operationsListed" };
    const { operation } = match;
    return { type: "operationsListed", match: { operation, finding: this.#findingOf(match) } };
  }

  listOutput({ prefix }: AttemptRecord): Evidence {
    const error = this.#storeFailure();
    if (error !== undefined) return { type: "outputUnread", error };
    return { type: "outputListed", shards: this.#written(prefix).length };
  }

  readOutput({ prefix }: AttemptRecord, inputs: readonly number[]): Evidence {
    const error = this.#storeFailure();
    if (error !== undefined) return { type: "outputUnread", error };
    return joinOutput(this.#written(prefix), inputs);
  }

  /** Inputs that have a readable result under a prefix at a time. */
  resultsOf(prefix: string, atMs: number): ReadonlySet<number> {
    const shards = this.accepted
      .filter((each) => each.prefix === prefix)
      .flatMap((each) => each.shards)
      .filter(({ writtenMs, isMalformed }) => writtenMs <= atMs && !isMalformed);
    return new Set(shards.flatMap(({ inputs }) => inputs));
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #accept({ prefix, chunk, inputs }: SimulatedSubmit): AcceptedSubmit {
    const endMs = this.#nowMs + (5 + this.#random() * 60) * secondMs;
    const operation = {
      ...({ type: "vision-batch/operation", version: 1 } as const),
      ...{ name: `operations/${this.accepted.length}`, host: "localhost" },
    };
    const ttlMs = this.#chance(this.faults.expiry) ? 10 * secondMs : Infinity;
    const fails = this.#chance(this.faults.failedOperations);
    const accepted: AcceptedSubmit = {
      ...{ prefix, chunk, operation, endMs, end: fails ? "failed" : "succeeded" },
      ...{ expiresMs: endMs + ttlMs, shards: this.#shards(inputs, endMs, fails) },
      cancels: (["yes", "no", "ignores"] as const)[Math.floor(this.#random() * 3)] ?? "yes",
    };
    this.accepted.push(accepted);
    return accepted;
  }

  #shards(inputs: readonly number[], endMs: number, fails: boolean): Shard[] {
    const shards: Shard[] = [];
    for (let at = 0; at < inputs.length;) {
      const size = 1 + Math.floor(this.#random() * 2);
      const isBad = this.#chance(this.faults.badShards);
      const fate = this.#random();
      const earlyMs = Math.max(this.#nowMs, endMs - this.#random() * 20 * secondMs);
      const lateMs = fate < 0.4 ? endMs + this.#random() * 90 * secondMs : Infinity;
      const isMalformed = isBad && fate > 0.7;
      shards.push({
        inputs: inputs.slice(at, at + size),
        writtenMs: (isBad && !isMalformed) || (fails && fate < 0.5) ? lateMs : earlyMs,
        isMalformed,
      });
      at += size;
    }
    return shards;
  }

  /** Ends an operation now: what is not written yet never will be. */
  #end(found: AcceptedSubmit): void {
    found.end = "cancelled";
    found.endMs = this.#nowMs;
    const kept = found.shards.filter(({ writtenMs }) => writtenMs <= this.#nowMs);
    found.shards.splice(0, Infinity, ...kept);
  }

  #written(prefix: string): readonly Shard[] {
    return this.accepted
      .filter((each) => each.prefix === prefix)
      .flatMap((each) => each.shards)
      .filter(({ writtenMs }) => writtenMs <= this.#nowMs);
  }

  #findingOf({ end, endMs }: AcceptedSubmit): OperationFinding {
    if (endMs > this.#nowMs) return { state: "running" };
    if (end === "succeeded") return { state: end };
    return { state: end, error: rpcError(end === "failed" ? "INTERNAL" : "CANCELLED") };
  }

  #reject(): Evidence {
    const codes: readonly Code[] = [
      ...(["RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "UNAVAILABLE"] as const),
      ...(["PERMISSION_DENIED", "INVALID_ARGUMENT"] as const),
    ];
    const code = codes[Math.floor(this.#random() * codes.length)] ?? "UNKNOWN";
    const isUnsent = code === "UNAVAILABLE" && this.#chance(0.5);
    return submitFailed(isUnsent ? "unsent" : "rejected", code);
  }

  #readFailure(): Error | undefined {
    if (!this.#chance(this.faults.failedReads)) return undefined;
    return rpcError(this.#chance(0.2) ? "UNAUTHENTICATED" : "UNAVAILABLE");
  }

  #storeFailure(): Error | undefined {
    if (!this.#chance(this.faults.failedReads)) return undefined;
    const reason = this.#chance(0.3) ? "permissionDenied" : "unavailable";
    return new StorageError("the store is not to be read", { reason, uri: "gs://bucket/" });
  }
}

function joinOutput(shards: readonly Shard[], inputs: readonly number[]): OutputReadEvidence {
  const found = new Set(shards.flatMap((shard) => (shard.isMalformed ? [] : shard.inputs)));
  const counts = { succeeded: 0, partial: 0, failed: 0, missing: 0, notSubmitted: 0 };
  const statuses = inputs.map((input) => {
    const status = found.has(input) ? resultStatusOf(input) : "missing";
    counts[status]++;
    return inputStatuses.indexOf(status);
  });
  return {
    ...{ type: "outputRead", counts, statuses: Uint8Array.from(statuses), shards: shards.length },
    malformed: shards.filter(({ isMalformed }) => isMalformed).length,
    manifest: {},
  };
}

/** What the service makes of an input, whenever it is sent. */
export function resultStatusOf(
  input: number,
): Extract<InputStatus, "succeeded" | "partial" | "failed"> {
  if (input % 7 === 3) return "failed";
  return input % 7 === 5 ? "partial" : "succeeded";
}

function submitFailed(outcome: "rejected" | "unsent" | "unknown", code: Code): Evidence {
  const details =
    code === "RESOURCE_EXHAUSTED"
      ? [{ typeUrl: "type.googleapis.com/google.rpc.RetryInfo", value: { retryDelay: "3s" } }]
      : [];
  const told = outcome === "unknown" ? outcome : "rejected";
  const fields = { code, message: code, details, method: "submit", outcome: told } as const;
  const error = new SubmitError(code, fields);
  return { type: "submitFailed", outcome, error };
}

export function rpcError(code: Code): RpcError {
  return new RpcError(code, { code, message: code, details: [], method: "operations" });
}
