import { parseOperationReference, type OperationHandle } from "../../operations/index.ts";
import { connect, type ConnectionFlags } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { readLines } from "../inputs/read-lines.ts";
import { describeError } from "../report-error.ts";
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
    if (argument !== "-") references.push(argument);
    else for await (const line of readLines("-", stdin)) references.push(line);
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

/** How a command that does something with each operation was called. */
export interface OperationCall {
  readonly args: readonly string[];
  readonly flags: ConnectionFlags;
  readonly streams: Streams;
}

/**
 * Does the same with each operation that the arguments name, one after another; what goes wrong with
 * one is told and does not stop the others.
 * @param act whether all went well.
 */
export async function forEachOperation(
  { args, flags, streams }: OperationCall,
  act: (handle: OperationHandle) => Promise<boolean>,
): Promise<ExitCode> {
  const references = await readReferences(args, streams);
  await using connection = await connect(flags);
  let code: ExitCode = exitCodes.done;
  for (const reference of references) {
    try {
      if (await act(connection.client.operation(reference))) continue;
    } catch (error) {
      streams.stderr.write(describeError(error));
    }
    code = exitCodes.serviceFailed;
  }
  return code;
}
