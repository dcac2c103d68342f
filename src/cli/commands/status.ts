import type { ConnectionFlags } from "../connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { reportOperation } from "./operation-report.ts";
import { forEachOperation } from "./references.ts";

/** `vision-batch status`: reads each operation once and prints a line of JSON of it. */
export function status(
  args: readonly string[],
  flags: ConnectionFlags,
  streams: Streams,
): Promise<ExitCode> {
  return forEachOperation({ args, flags, streams }, async (handle) => {
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
