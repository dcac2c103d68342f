import { StorageError } from "../errors/index.ts";

/** The bytes to read, both ends inclusive; `end` is undefined for the end of the object. */
export interface ReadRange {
  readonly start: number;
  readonly end: number | undefined;
}

/**
 * Checks the range of a read.
 * @throws {@link StorageError} `invalidArgument` unless both ends are whole numbers of at least 0.
 */
export function checkRange(uri: string, range: ReadRange): void {
  for (const [name, value] of Object.entries(range)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
    throw new StorageError(`${uri}: ${name} is ${value}, not a whole number of at least 0`, {
      reason: "invalidArgument",
      uri,
    });
  }
}
