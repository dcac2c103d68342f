import { connect, type ConnectionFlags } from "../connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { reportOperation } from "./operation-report.ts";
import { forEachOperation, readReferences } from "./references.ts";

/** `vision-batch status`: reads each operation once and prints a line of JSON of it. */
export async function status(
  args: readonly string[],
  flags: ConnectionFlags,
  streams: Streams,
): Promise<ExitCode> {
  const references = await readReferences(args, streams);
  await using connection = await connect(flags);
  // Awaited here, since the connection closes when the function returns.
  return await forEachOperation(references, { connection, streams }, async (handle) => {
    const snapshot = await handle.poll();
    const { state } = snapshot;
    const error = state === "failed" || state === "cancelled" ? { error: snapshot.error } : {};
    const report = await reportOperation(
      { name: handle.name, state, ...error },
      snapshot.operation,
    );
    streams.stdout.write(`${toSafeJson(report)}\n`);
    return state !== "failed";
  });
}
