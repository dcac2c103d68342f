/** A logger in pino's shape: fields first, then the message. */
export interface Logger {
  /** What only a developer looks for. */
  debug(fields: object, message: string): void;
  /** What goes on. */
  info(fields: object, message: string): void;
  /** What failed and is tried again. */
  warn(fields: object, message: string): void;
  /** What failed for good. */
  error(fields: object, message: string): void;
}

/** Logs nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
