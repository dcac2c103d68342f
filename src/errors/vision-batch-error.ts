import { describeError, toPlainData } from "./plain-data.ts";

/** The base of every error that this package throws on purpose; `name` tells the class, `cause` what lies beneath. */
export class VisionBatchError extends Error {
  /** The name of the class, which also stays when the error is made plain data. */
  override readonly name: string = "VisionBatchError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    const { cause } = this;
    // Cloning an error clones its cause, and fails where that cannot be; an accessor is left out.
    if (!isCloneable(cause)) {
      Object.defineProperty(this, "cause", { get: () => cause, configurable: true });
    }
  }

  /**
   * The error as plain data, for logs, other threads and other processes, from which `errorFromJson`
   * makes it again; `cause` is kept as its name and message.
   */
  toJSON(): Record<string, unknown> {
    const { cause, stack: _stack, ...fields } = this;
    return toPlainData({
      ...fields,
      name: this.name,
      message: this.message,
      ...(cause === undefined ? {} : { cause: describeError(cause) }),
    }) as Record<string, unknown>;
  }
}

/** Whether structured cloning takes a cause for certain: errors are reduced to message, stack and cause. */
function isCloneable(cause: unknown, depth = 0): boolean {
  if (cause instanceof Error) return depth < 100 && isCloneable(cause.cause, depth + 1);
  return typeof cause !== "object" && typeof cause !== "function" && typeof cause !== "symbol";
}
