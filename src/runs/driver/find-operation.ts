import type { OperationHandle } from "../../operations/index.ts";
import type { RunService } from "./run-service.ts";

/** Operations that are looked through at most: the newest come first, and a list need not end. */
const maxOperations = 5000;

/**
 * Looks for a finished operation that wrote under a prefix: only a response repeats where. One that still
 * runs does not tell, so that nothing found proves nothing.
 * @throws RpcError where the list cannot be read, or is not offered.
 */
export async function findOperation(
  service: RunService,
  prefix: string,
  signal?: AbortSignal,
): Promise<OperationHandle | undefined> {
  let seen = 0;
  for await (const handle of service.listOperations({ signal })) {
    if (await wroteUnder(handle, prefix)) return handle;
    if (++seen >= maxOperations) break;
  }
  return undefined;
}

async function wroteUnder(handle: OperationHandle, prefix: string): Promise<boolean> {
  // What the list told of it is the first event; it is not read again.
  const events = handle.watch();
  try {
    const { value: event } = await events.next();
    if (event?.type !== "succeeded") return false;
    return outputsOf(event.result).some((uri) => uri.startsWith(prefix));
  } finally {
    await events.return();
  }
}

interface Output {
  readonly outputConfig?: { readonly gcsDestination?: { readonly uri?: string } };
}

function outputsOf(result: unknown): readonly string[] {
  const { responses = [], ...single } = (result ?? {}) as Output & {
    readonly responses?: readonly Output[];
  };
  return [single, ...responses].flatMap(
    ({ outputConfig }) => outputConfig?.gcsDestination?.uri ?? [],
  );
}
