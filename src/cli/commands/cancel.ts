import { connect, type ConnectionFlags } from "../connection.ts";
import type { ExitCode } from "../exit-codes.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { forEachOperation, readReferences } from "./references.ts";

/** `vision-batch cancel`: asks the service to cancel each operation and prints what it answered. */
export async function cancel(
  args: readonly string[],
  flags: ConnectionFlags,
  streams: Streams,
): Promise<ExitCode> {
  const references = await readReferences(args, streams);
  await using connection = await connect(flags);
  // Awaited here, since the connection closes when the function returns.
  return await forEachOperation(references, { connection, streams }, async (handle) => {
    const outcome = await handle.cancel();
    streams.stdout.write(`${toSafeJson({ name: handle.name, outcome })}\n`);
    return outcome !== "unsupported";
  });
}
