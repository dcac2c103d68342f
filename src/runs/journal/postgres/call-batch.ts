interface Call<Argument, Result> {
  readonly argument: Argument;
  readonly settle: (result: Result) => void;
  readonly fail: (error: unknown) => void;
}

/** Makes calls together: what comes while some are made goes with the next ones. */
export class CallBatch<Argument, Result> {
  readonly #make: (calls: readonly Argument[]) => Promise<readonly (Result | Error)[]>;
  #waiting: Call<Argument, Result>[] = [];
  #making: Promise<void> | undefined;

  /** `make` gives a result for each, or the error of one; what it throws is the error of all. */
  constructor(make: (calls: readonly Argument[]) => Promise<readonly (Result | Error)[]>) {
    this.#make = make;
  }

  /** Makes a call with others. */
  add(argument: Argument): Promise<Result> {
    const { promise, resolve: settle, reject: fail } = Promise.withResolvers<Result>();
    this.#waiting.push({ argument, settle, fail });
    this.#making ??= this.#makeAll();
    return promise;
  }

  async #makeAll(): Promise<void> {
    // What is asked for in the same turn goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const calls = this.#waiting;
      this.#waiting = [];
      await this.#makeThese(calls);
    }
    this.#making = undefined;
  }

  async #makeThese(calls: readonly Call<Argument, Result>[]): Promise<void> {
    try {
      const results = await this.#make(calls.map(({ argument }) => argument));
      for (const [index, { settle, fail }] of calls.entries()) {
        const result = results[index];
        if (result === undefined || result instanceof Error) fail(result);
        else settle(result);
      }
    } catch (error) {
      for (const { fail } of calls) fail(error);
    }
  }
}
