import type { ChunkRef, ChunkState } from "../journal/chunk-record.ts";
import type { HeldClaim } from "../journal/chunk-writes.ts";
import type { RunKey } from "../journal/run-record.ts";
import type { HeldChunk } from "./held-chunk.ts";

/** The states of a chunk that waits for its submit or is being submitted. */
const submitStates: readonly ChunkState[] = ["planned", "submitting"];

/** The chunks that this process works on. */
export class HeldChunks {
  readonly #chunks = new Map<string, HeldChunk>();
  readonly #done = new Map<HeldChunk, Promise<void>>();

  /** How many have not come to their output yet, which may wait for whoever reads it. */
  get underWay(): number {
    return this.#count(({ current }) => current.chunk.state !== "collecting");
  }

  /** How many of these are neither on their way to being submitted nor wait for room: those that the others may wait for. */
  get following(): number {
    return this.#count(({ current: { chunk }, waitsForRoom }) => {
      return !waitsForRoom && !submitStates.includes(chunk.state) && chunk.state !== "collecting";
    });
  }

  /** How many of a run are on their way to being submitted. */
  submittingOf(run: RunKey): number {
    return this.#count(({ claim, current }) => {
      return claim.run === run && submitStates.includes(current.chunk.state);
    });
  }

  /** How many of a run have come to their output. */
  collectingOf(run: RunKey): number {
    return this.#count(({ claim, current }) => {
      return claim.run === run && current.chunk.state === "collecting";
    });
  }

  /** Those of a run, or all. */
  of(run?: RunKey): readonly HeldChunk[] {
    const all = [...this.#chunks.values()];
    return run === undefined ? all : all.filter(({ claim }) => claim.run === run);
  }

  /** Adds a chunk until the work on it is done, which must not reject. */
  add(held: HeldChunk, work: Promise<void>): void {
    const key = keyOf(held.claim);
    // What is claimed again while the work on an earlier claim unwinds was lost to that.
    this.#chunks.get(key)?.lose();
    this.#chunks.set(key, held);
    const done = work.finally(() => {
      this.#done.delete(held);
      if (this.#chunks.get(key) === held) this.#chunks.delete(key);
    });
    this.#done.set(held, done);
  }

  /** Tells chunks what a renewal told: those that were held before it and are not in it are lost. */
  renewed(before: readonly HeldChunk[], claims: readonly HeldClaim[], leaseUntilMs: number): void {
    const kept = new Map(claims.map((claim) => [keyOf(claim), claim]));
    for (const held of before) {
      const claim = kept.get(keyOf(held.claim));
      if (claim?.fence !== held.claim.fence) {
        held.lose();
      } else {
        held.leaseUntilMs = leaseUntilMs;
        held.noticeRun(claim.runState);
      }
    }
  }

  /** Resolves when no work is left. */
  async allDone(): Promise<void> {
    while (this.#done.size > 0) await Promise.all(this.#done.values());
  }

  #count(isMeant: (held: HeldChunk) => boolean): number {
    let count = 0;
    for (const held of this.#chunks.values()) if (isMeant(held)) count++;
    return count;
  }
}

function keyOf({ run, number }: ChunkRef): string {
  return `${run}/${number}`;
}
