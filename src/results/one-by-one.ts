/**
 * The items of lists, one by one: all but the first of a list are there when they are asked for, which a
 * generator would make three promises of.
 * @param check is called before each item; what it throws ends the lists.
 */
export function oneByOne<T>(
  lists: AsyncGenerator<readonly T[], void, void>,
  check: () => void,
): AsyncGenerator<T, void, void> {
  return new OneByOne(lists, check);
}

class OneByOne<T> implements AsyncGenerator<T, void, void> {
  readonly #lists: AsyncGenerator<readonly T[], void, void>;
  readonly #check: () => void;
  #list: readonly T[] = [];
  #at = 0;
  /** The call for the next list; others wait for it. */
  #asking: Promise<unknown> | undefined;
  #hasEnded = false;

  constructor(lists: AsyncGenerator<readonly T[], void, void>, check: () => void) {
    this.#lists = lists;
    this.#check = check;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#asking !== undefined || this.#at >= this.#list.length) return this.#ask();
    try {
      return Promise.resolve(this.#take());
    } catch (error) {
      return this.throw(error);
    }
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#end();
    await this.#lists.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#end();
    // As in a generator, what goes wrong in leaving does not hide why.
    await this.#lists.return().catch(() => undefined);
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #ask(): Promise<IteratorResult<T, void>> {
    while (this.#asking !== undefined) await this.#asking.catch(() => undefined);
    while (this.#at >= this.#list.length) {
      if (this.#hasEnded) return { done: true, value: undefined };
      const asking = this.#lists.next();
      this.#asking = asking;
      try {
        const { done, value } = await asking;
        if (done === true) this.#end();
        else [this.#list, this.#at] = [value, 0];
      } catch (error) {
        this.#end();
        throw error;
      } finally {
        this.#asking = undefined;
      }
    }
    return this.next();
  }

  #take(): IteratorResult<T, void> {
    if (this.#hasEnded) return { done: true, value: undefined };
    this.#check();
    return { done: false, value: this.#list[this.#at++] as T };
  }

  #end(): void {
    this.#hasEnded = true;
    [this.#list, this.#at] = [[], 0];
  }
}
