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
  /** The end of the last call that waits for a list; none does where it is undefined. */
  #asking: Promise<void> | undefined;
  #hasEnded = false;

  constructor(lists: AsyncGenerator<readonly T[], void, void>, check: () => void) {
    this.#lists = lists;
    this.#check = check;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, void>> {
    const isHere = this.#asking === undefined && this.#at < this.#list.length;
    return isHere ? this.#given() : this.#ask();
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

  /** Asks behind those that wait already: who asks first is given first. */
  #ask(): Promise<IteratorResult<T, void>> {
    const before = this.#asking;
    const asked = before === undefined ? this.#fetched() : before.then(() => this.#fetched());
    const leave = (): void => {
      if (this.#asking === over) this.#asking = undefined;
    };
    const over = asked.then(leave, leave);
    this.#asking = over;
    return asked;
  }

  async #fetched(): Promise<IteratorResult<T, void>> {
    while (this.#at >= this.#list.length) {
      if (this.#hasEnded) return { done: true, value: undefined };
      try {
        const { done, value } = await this.#lists.next();
        if (done === true) this.#end();
        else [this.#list, this.#at] = [value, 0];
      } catch (error) {
        this.#end();
        throw error;
      }
    }
    return this.#given();
  }

  #given(): Promise<IteratorResult<T, void>> {
    try {
      return Promise.resolve(this.#take());
    } catch (error) {
      return this.throw(error);
    }
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
