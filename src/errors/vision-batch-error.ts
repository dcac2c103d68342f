/** The base of every error that this package throws on purpose; `name` tells the class, `cause` what lies beneath. */
export class VisionBatchError extends Error {
  override readonly name: string = "VisionBatchError";

  /** The error as plain data, for logs and for other processes; `cause` is kept as its message. */
  toJSON(): Record<string, unknown> {
    const { cause, stack: _stack, ...fields } = this;
    return {
      ...fields,
      name: this.name,
      message: this.message,
      ...(cause === undefined ? {} : { cause: describeCause(cause) }),
    };
  }
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
