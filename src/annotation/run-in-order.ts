import { abortable } from "../transport/abortable.ts";
import type { Scope } from "./scope.ts";

/** What came of one item: its result, and items that belong right behind it. */
export interface Outcome<T, R> {
  readonly result: R;
  /** Taken one by one, as there is room for them. */
  readonly further?: Iterable<T>;
}

/** Options of {@link runInOrder}. */
export interface RunOptions<T, R> {
  /** How many items are worked on at a time. */
  readonly concurrency: number;
  /** Its signal ends the run; the run stops it when it ends with work under way. */
  readonly scope: Scope;
  /** Works on an item; ends soon after the scope's signal aborts. */
  readonly run: (item: T) => Promise<Outcome<T, R>>;
}

/**
 * Works on items, several at a time, and yields the results in the order of the items. No more are
 * begun than twice the concurrency before a result that is not taken. A failure of an item, or of the
 * items' own iterator, is thrown at its turn. Whatever ends the run early stops its scope and waits
 * until what is under way has ended.
 */
export function runInOrder<T, R>(
  items: AsyncGenerator<T, void, undefined>,
  options: RunOptions<T, R>,
): AsyncGenerator<R, void, undefined> {
  return new OrderedRun(items, options).results();
}

interface Entry<T, R> {
  /** Let go of once it is begun: an item can be many megabytes. */
  item: T | undefined;
  ended: { readonly result: R } | { readonly error: unknown } | undefined;
  isBegun: boolean;
  /** Stands for the items that belong in its place. */
  readonly further?: Iterator<T>;
}

class OrderedRun<T, R> {
  readonly #items: AsyncGenerator<T, void, undefined>;
  readonly #options: RunOptions<T, R>;
  /** In the order of the results: begun or not, ended or not. */
  readonly #queue: Entry<T, R>[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #running = 0;
  #isPulling = false;
  #isExhausted = false;
  #change = Promise.withResolvers<undefined>();

  constructor(items: AsyncGenerator<T, void, undefined>, options: RunOptions<T, R>) {
    this.#items = items;
    this.#options = options;
  }

  async *results(): AsyncGenerator<R, void, undefined> {
    const { signal, stop } = this.#options.scope;
    try {
      for (;;) {
        signal.throwIfAborted();
        this.#fill();
        const [head] = this.#queue;
        if (head?.ended !== undefined) {
          this.#queue.shift();
          if ("error" in head.ended) throw head.ended.error;
          yield head.ended.result;
        } else if (head === undefined && this.#isExhausted) {
          return;
        } else {
          await abortable(this.#change.promise, signal);
        }
      }
    } finally {
      if (this.#queue.length > 0 || !this.#isExhausted) stop();
      await Promise.allSettled(this.#underWay);
      await this.#items.return();
    }
  }

  /** Begins what may be begun. */
  #fill(): void {
    const { concurrency, scope } = this.#options;
    const window = 2 * concurrency;
    while (this.#running < concurrency && !scope.signal.aborted) {
      const entry = this.#queue.slice(0, window).find(({ isBegun }) => !isBegun);
      if (entry !== undefined) {
        if (entry.further === undefined) this.#begin(entry);
        else this.#expand(entry, entry.further);
        continue;
      }
      const mayPull = !this.#isPulling && !this.#isExhausted && this.#queue.length < window;
      if (mayPull) this.#track(this.#pull());
      return;
    }
  }

  /** Puts the next of the items that an entry stands for before it, or takes it away after the last one. */
  #expand(entry: Entry<T, R>, further: Iterator<T>): void {
    const next = further.next();
    const place = this.#queue.indexOf(entry);
    if (next.done === true) this.#queue.splice(place, 1);
    else this.#queue.splice(place, 0, toEntry(next.value));
  }

  #begin(entry: Entry<T, R>): void {
    const item = entry.item as T;
    entry.item = undefined;
    entry.isBegun = true;
    this.#running += 1;
    this.#track(this.#run(entry, item));
  }

  async #run(entry: Entry<T, R>, item: T): Promise<void> {
    try {
      const { result, further } = await this.#options.run(item);
      entry.ended = { result };
      if (further !== undefined) {
        const rest = { ...unbegun, further: further[Symbol.iterator]() };
        this.#queue.splice(this.#queue.indexOf(entry) + 1, 0, rest);
      }
    } catch (error) {
      entry.ended = { error };
    }
    this.#running -= 1;
  }

  async #pull(): Promise<void> {
    this.#isPulling = true;
    try {
      const next = await this.#items.next();
      if (next.done === true) this.#isExhausted = true;
      else this.#queue.push(toEntry<T, R>(next.value));
    } catch (error) {
      this.#isExhausted = true;
      this.#queue.push({ item: undefined, isBegun: true, ended: { error } });
    }
    this.#isPulling = false;
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.#underWay.delete(tracked);
      this.#fill();
      this.#change.resolve(undefined);
      this.#change = Promise.withResolvers<undefined>();
    });
    this.#underWay.add(tracked);
  }
}

const unbegun = { item: undefined, isBegun: false, ended: undefined } as const;

function toEntry<T, R>(item: T): Entry<T, R> {
  return { ...unbegun, item };
}
