/** Holds operations back before their work, on request of a test, until they are released. */
export class OperationGate {
  readonly #held = new Map<string, () => void>();
  #holding = false;

  /** Holds every operation accepted from now on (`true`), or none (`false`); those already held stay. */
  hold(holding: boolean): void {
    this.#holding = holding;
  }

  /** Lets one operation go on, or all; false where none was held by that name. */
  release(name?: string): boolean {
    const names = name === undefined ? [...this.#held.keys()] : [name];
    return names.map((one) => this.#releaseOne(one)).some(Boolean);
  }

  /** Waits while the operation is held. Rejects with the signal's reason. */
  async pass(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#holding) return;
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#held.delete(name);
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#held.set(name, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
    });
  }

  #releaseOne(name: string): boolean {
    const release = this.#held.get(name);
    this.#held.delete(name);
    release?.();
    return release !== undefined;
  }
}
