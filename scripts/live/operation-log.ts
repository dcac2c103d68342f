/** An operation that was accepted. */
export interface LoggedOperation {
  readonly name: string;
  readonly purpose: string;
  readonly submittedAt: string;
  /** When it was seen to be done; absent while it is not. */
  readonly seenDoneAt?: string;
}

/** Every operation that was accepted, in order. */
export class OperationLog {
  readonly #operations = new Map<string, LoggedOperation>();
  readonly #onChange: (all: readonly LoggedOperation[]) => void;

  constructor(onChange: (all: readonly LoggedOperation[]) => void) {
    this.#onChange = onChange;
  }

  get all(): readonly LoggedOperation[] {
    return [...this.#operations.values()];
  }

  add(name: string, purpose: string): void {
    this.#set({ name, purpose, submittedAt: new Date().toISOString() });
  }

  /** Notes that an operation was seen to be done. */
  settle(name: string): void {
    const operation = this.#operations.get(name);
    if (operation === undefined || operation.seenDoneAt !== undefined) return;
    this.#set({ ...operation, seenDoneAt: new Date().toISOString() });
  }

  #set(operation: LoggedOperation): void {
    this.#operations.set(operation.name, operation);
    this.#onChange(this.all);
  }
}
