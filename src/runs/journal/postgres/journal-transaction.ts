import type { ChunkRef } from "../chunk-record.ts";
import type { ChunkStep } from "../chunk-writes.ts";
import { setDelivered } from "./delivery-store.ts";
import type { Queries } from "./queries.ts";

/** The server ends transactions that nothing comes from for some seconds: their process is taken for stopped. */
const aliveMs = 1000;

/** A transaction that somebody else writes in as well, over as long as that takes. */
export class JournalTransaction implements Disposable {
  readonly #queries: Queries;
  readonly #advance: (steps: readonly ChunkStep[]) => Promise<readonly boolean[]>;
  readonly #alive: NodeJS.Timeout;
  /** One statement after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** What still comes would be in no transaction, or in somebody else's. */
  #isOver = false;

  constructor(
    queries: Queries,
    advance: (steps: readonly ChunkStep[]) => Promise<readonly boolean[]>,
  ) {
    this.#queries = queries;
    this.#advance = advance;
    this.#alive = setInterval(() => {
      if (this.#waiting === 0) void this.query("select 1").catch(() => undefined);
    }, aliveMs);
  }

  /** Runs a statement of whoever writes here. @throws what the driver throws; Error where the transaction is over. */
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }> {
    return this.#inTurn(async () => {
      if (this.#isOver) throw new Error("the transaction is over: nothing can be written in it");
      return this.#queries.foreign(text, values);
    });
  }

  /** Writes a step with what else is written here; false where its claim is lost. */
  async advance(step: ChunkStep): Promise<boolean> {
    const [isHeld] = await this.#end(() => this.#advance([step]));
    return isHeld === true;
  }

  /** See `PostgresJournal.setDelivered`. */
  setDelivered(chunk: ChunkRef): Promise<boolean> {
    return this.#end(() => setDelivered(this.#queries, chunk));
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#alive);
  }

  /** Whoever writes here is done: one more statement that failed would take all back without a word at the commit. */
  #end<T>(act: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => {
      this.#isOver = true;
      return act();
    });
  }

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const done = this.#last.then(act).finally(() => {
      this.#waiting--;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
