import { parseOperationReference } from "../../operations/index.ts";
import { readLines } from "../inputs/read-lines.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/**
 * The operations that the arguments name, by name or token; `-` reads them from stdin, one a line.
 * @throws {@link UsageError} for what names none.
 */
export async function readReferences(
  args: readonly string[],
  { stdin }: Streams,
): Promise<readonly string[]> {
  const references: string[] = [];
  for (const argument of args) {
    if (argument === "-") references.push(...(await readLines("-", stdin)));
    else references.push(argument);
  }
  if (references.length === 0) throw new UsageError("no operation named");
  for (const reference of references) {
    try {
      parseOperationReference(reference);
    } catch (error) {
      throw new UsageError((error as Error).message, { cause: error });
    }
  }
  return references;
}
