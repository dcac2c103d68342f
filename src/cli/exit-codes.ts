/** What the exit codes of `vision-batch` mean. */
export const exitCodes = {
  /** Everything that was asked for is done. */
  done: 0,
  /** Some inputs have no complete result. */
  inputsFailed: 1,
  /** The command, its inputs or the set-up is wrong; nothing was submitted. */
  usage: 2,
  /** The service, the storage or the journal failed, or refused; or a person must decide before a run goes on. */
  serviceFailed: 3,
  /** Stopped by Ctrl-C or SIGTERM before the end. */
  interrupted: 130,
} as const;

/** An exit code of `vision-batch`. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
