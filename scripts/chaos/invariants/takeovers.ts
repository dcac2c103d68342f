import type { ChunkEvidence, Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

/** A worker that was killed. */
export interface Killed {
  readonly worker: string;
  /** By the clock of this machine, which is the database's. */
  readonly atMs: number;
}

/** A chunk of a killed worker with which another one went on. */
export interface Takeover {
  readonly chunk: number;
  readonly worker: string;
  /** After the kill. */
  readonly ms: number;
}

/** A chunk of a killed worker goes on within this time. */
const takeoverLimitMs = 30_000;

/** What others went on with of what killed workers held. */
export function takeoversOf({
  chunks,
  killed = [],
}: Pick<Evidence, "chunks" | "killed">): readonly Takeover[] {
  const killedAt = new Map(killed.map(({ worker, atMs }) => [worker, atMs]));
  return chunks.flatMap((chunk) => ofChunk(chunk, killedAt));
}

/** Nobody waits longer for what a killed worker held. */
export function checkTakeovers(evidence: Evidence): readonly Violation[] {
  const late = takeoversOf(evidence).filter(({ ms }) => ms > takeoverLimitMs);
  return late.map(({ chunk, worker, ms }) => ({
    invariant: "a chunk of a killed worker goes on within 30 s",
    message: `that of ${worker} went on after ${(ms / 1000).toFixed(1)} s`,
    chunk,
  }));
}

function ofChunk(
  { chunk, events }: ChunkEvidence,
  killedAt: ReadonlyMap<string, number>,
): readonly Takeover[] {
  return events.flatMap(({ type, data, atMs }): Takeover[] => {
    const from = type === "takenOver" ? data?.["from"] : undefined;
    const killMs = typeof from === "string" ? killedAt.get(from) : undefined;
    // It may have lost the claim while it still lived.
    if (typeof from !== "string" || killMs === undefined || atMs < killMs) return [];
    return [{ chunk: chunk.number, worker: from, ms: atMs - killMs }];
  });
}
