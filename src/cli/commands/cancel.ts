import type { ConnectionFlags } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { KeptLines } from "../kept-lines.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { forEachOperation } from "./references.ts";

/** `vision-batch cancel`: asks the service to cancel each operation and prints what it answered. */
export async function cancel(
  args: readonly string[],
  flags: ConnectionFlags,
  streams: Streams,
): Promise<ExitCode> {
  using lines = new KeptLines(streams);
  const code = await forEachOperation({ args, flags, streams }, async (handle) => {
    const outcome = await handle.cancel();
    lines.write(toSafeJson({ name: handle.name, outcome }));
    return outcome !== "unsupported";
  });
  return (await lines.areOut()) ? code : exitCodes.serviceFailed;
}
