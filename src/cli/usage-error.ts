/** The command was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The records could not be written, though the results are there. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}
