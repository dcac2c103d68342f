import { StorageError } from "../errors/index.ts";
import { objectNameProblem, parseObjectUri } from "./gs-uri.ts";

/**
 * Refuses a name that the service refuses: it is not sent, for `..` would even lead to another path.
 * @throws StorageError
 */
export function checkName(uri: string): void {
  const problem = objectNameProblem(parseObjectUri(uri).name);
  if (problem === undefined) return;
  throw new StorageError(`${uri}: ${problem}`, { reason: "invalidArgument", uri });
}
