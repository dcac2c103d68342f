import { rmSync } from "node:fs";

/**
 * Removes a file or folder of this process's own when the process ends by `process.exit`, which waits
 * for nothing; once it is disposed of, its owner removes it.
 */
export function removeAtExit(path: string): Disposable {
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  process.on("exit", remove);
  return { [Symbol.dispose]: () => void process.off("exit", remove) };
}
