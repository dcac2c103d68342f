import type { ConnectionFlags } from "../connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { forEachOperation } from "./references.ts";

/** `vision-batch cancel`: asks the service to cancel each operation and prints what it answered. */
export function cancel(
  args: readonly string[],
  flags: ConnectionFlags,
  streams: Streams,
): Promise<ExitCode> {
  return forEachOperation({ args, flags, streams }, async (handle) => {
    const outcome = await handle.cancel();
    streams.stdout.write(`${toSafeJson({ name: handle.name, outcome })}\n`);
    return outcome !== "unsupported";
  });
}
