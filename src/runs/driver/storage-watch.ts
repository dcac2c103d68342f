import { StorageError } from "../../errors/index.ts";
import type { ObjectInfo, ObjectStore } from "../../storage/index.ts";
import { givesAway, givingAway } from "../../storage/given-parts.ts";
import type { RunClock } from "../run-clock.ts";

/** Why no output is read, and since when. */
export interface StorageTrouble {
  readonly sinceMs: number;
  readonly error: StorageError;
}

/** A listing whose next answer has not come yet. */
interface Wait {
  readonly prefix: string;
  readonly sinceMs: number;
  /** By the clock of the machine, as answers are. */
  readonly begunMs: number;
}

/**
 * Whether the storage answers those who look for output, which a store that is out of reach tries for minutes
 * before it fails. Listings tell, for every reading begins with one.
 */
export class StorageWatch {
  readonly #clock: RunClock;
  readonly #noticeMs: number;
  readonly #waits = new Set<Wait>();
  /** What failed last, until anything is answered. */
  #failed: StorageTrouble | undefined;

  /** @param noticeMs after how long what is waited for is told of, by the clock of the machine. */
  constructor(clock: RunClock, noticeMs: number) {
    this.#clock = clock;
    this.#noticeMs = noticeMs;
  }

  /** Undefined where it answers, as far as is known. */
  get trouble(): StorageTrouble | undefined {
    if (this.#failed !== undefined) return this.#failed;
    // In the order in which they began.
    const [first] = this.#waits;
    const waitedMs = first === undefined ? 0 : performance.now() - first.begunMs;
    if (first === undefined || waitedMs < this.#noticeMs) return undefined;
    const { prefix: uri, sinceMs } = first;
    const message = `${uri}: no answer after ${Math.round(waitedMs / 1000)} s; it is still waited for`;
    return { sinceMs, error: new StorageError(message, { reason: "unavailable", uri }) };
  }

  /** The store, of which this sees the listings. */
  watch(store: ObjectStore): ObjectStore {
    const watched: ObjectStore = {
      list: (prefix, options) => this.#list(store.list(prefix, options), prefix),
      stat: (...args) => store.stat(...args),
      read: (...args) => store.read(...args),
      write: (...args) => store.write(...args),
      delete: (...args) => store.delete(...args),
    };
    // Nothing that is read is kept here.
    return givesAway(store) ? givingAway(watched) : watched;
  }

  async *#list(objects: AsyncIterable<ObjectInfo>, prefix: string): AsyncGenerator<ObjectInfo> {
    let wait = this.#begin(prefix);
    try {
      for await (const object of objects) {
        this.#answered(wait);
        yield object;
        wait = this.#begin(prefix);
      }
      this.#answered(wait);
    } catch (error) {
      if (error instanceof StorageError) {
        if (error.reason !== "unavailable") this.#answered(wait);
        else this.#failed ??= { sinceMs: wait.sinceMs, error };
      }
      throw error;
    } finally {
      this.#waits.delete(wait);
    }
  }

  #begin(prefix: string): Wait {
    const wait = { prefix, sinceMs: this.#clock.now(), begunMs: performance.now() };
    this.#waits.add(wait);
    return wait;
  }

  #answered(wait: Wait): void {
    this.#waits.delete(wait);
    this.#failed = undefined;
  }
}
