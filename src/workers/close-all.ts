import type { Logger } from "../transport/index.ts";

/** What is said of a part that is left as it is. */
export const closeFailed = "a part of the worker could not be closed";

/**
 * Closes things one after another, each whatever became of those before it.
 * @throws the first error; those after it are logged.
 */
export async function closeAll(
  logger: Logger,
  closings: readonly (() => Promise<unknown> | undefined)[],
): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closings) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  const [first, ...others] = errors;
  for (const error of others) logger.warn({ error }, closeFailed);
  if (errors.length > 0) throw first;
}
