import type { OperationHandle } from "../../operations/index.ts";
import { connect, type ConnectionFlags } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { escapeForTerminal, toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";
import { reportOperation } from "./operation-report.ts";
import { readReferences } from "./references.ts";

/** The options of `vision-batch wait`. */
export interface WaitFlags extends ConnectionFlags {
  /** Seconds. */
  readonly timeout?: string;
}

/** `vision-batch wait`: waits for each operation and prints a line of JSON as it ends. */
export async function wait(
  args: readonly string[],
  flags: WaitFlags,
  streams: Streams,
): Promise<ExitCode> {
  const references = await readReferences(args, streams);
  const signal = deadline(flags.timeout);
  await using connection = await connect(flags);
  const ended = await Promise.all(
    references.map((reference) => follow(connection.client.operation(reference), streams, signal)),
  );
  return ended.every(Boolean) ? exitCodes.done : exitCodes.serviceFailed;
}

/** Whether the operation succeeded; what cannot be followed is told and does not stop the others. */
async function follow(
  handle: OperationHandle,
  { stdout, stderr }: Streams,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { name } = handle;
  try {
    for await (const event of handle.watch({ signal })) {
      if (event.type === "running" || event.type === "pollError") continue;
      const { type: state, operation } = event;
      const error = state === "succeeded" ? {} : { error: event.error };
      const report = await reportOperation({ name, state, ...error }, operation);
      stdout.write(`${toSafeJson(report)}\n`);
      return state === "succeeded";
    }
  } catch (error) {
    const reason = signal?.aborted === true ? "not done in time" : (error as Error).message;
    stderr.write(`${escapeForTerminal(name)}: ${escapeForTerminal(reason)}\n`);
  }
  return false;
}

function deadline(timeout: string | undefined): AbortSignal | undefined {
  if (timeout === undefined) return undefined;
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 1e6)) {
    throw new UsageError(`--timeout ${timeout}: expected seconds, more than 0`);
  }
  return AbortSignal.timeout(seconds * 1000);
}
