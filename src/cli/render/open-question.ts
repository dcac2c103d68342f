/** Whether a person is asked something on the screen; what else would be written there waits for the answer. */
export class OpenQuestion {
  #turn: PromiseWithResolvers<undefined> | undefined;

  /** Resolves once nothing is asked any more; undefined where nothing is. */
  get answered(): Promise<undefined> | undefined {
    return this.#turn?.promise;
  }

  ask(): void {
    this.#turn ??= Promise.withResolvers();
  }

  answer(): void {
    this.#turn?.resolve(undefined);
    this.#turn = undefined;
  }
}
