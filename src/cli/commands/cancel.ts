import { connect, type ConnectionFlags } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { toSafeJson } from "../render/escape.ts";
import type { Streams } from "../streams.ts";
import { readReferences } from "./references.ts";

/** `vision-batch cancel`: asks the service to cancel each operation and prints what it answered. */
export async function cancel(
  args: readonly string[],
  flags: ConnectionFlags,
  streams: Streams,
): Promise<ExitCode> {
  const references = await readReferences(args, streams);
  await using connection = await connect(flags);
  let code: ExitCode = exitCodes.done;
  for (const reference of references) {
    const handle = connection.client.operation(reference);
    const outcome = await handle.cancel();
    if (outcome === "unsupported") code = exitCodes.serviceFailed;
    streams.stdout.write(`${toSafeJson({ name: handle.name, outcome })}\n`);
  }
  return code;
}
