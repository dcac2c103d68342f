import { RpcError } from "../../errors/index.ts";
import { onAbort } from "../../transport/abortable.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import { pause, wallClock } from "../run-clock.ts";
import type { PreparedSubmit } from "./run-service.ts";
import { toError } from "./send-request.ts";

/** How long a connection is waited for. */
interface ConnectOptions {
  readonly signal: AbortSignal;
  /** After this long it is given up, to be told of and then waited for anew. Default: as long as it takes. */
  readonly noticeMs?: number | undefined;
}

/** Waits until a request could leave; tells why it cannot, or that this takes longer than it should. */
export async function connect(
  prepared: PreparedSubmit,
  { signal, noticeMs = Infinity }: ConnectOptions,
): Promise<Error | "slow" | undefined> {
  if (noticeMs === Infinity) return prepared.ready({ signal }).then(() => undefined, toError);
  const over = new AbortController();
  using _link = {
    [Symbol.dispose]: onAbort([signal], () => {
      over.abort(signal.reason);
    }),
  };
  const ready = prepared.ready({ signal: over.signal }).then(() => undefined, toError);
  // By the clock of the machine, as connections are.
  const slow = pause(wallClock, noticeMs, over.signal).then(async (isSlow) =>
    isSlow ? ("slow" as const) : await ready,
  );
  try {
    return await Promise.race([ready, slow]);
  } finally {
    over.abort(new Error("the connection is not waited for any more"));
  }
}

/** What is told of a connection that is still waited for. */
export function slowConnection(kind: ChunkKind, noticeMs: number): RpcError {
  const message = `no connection to the service after ${noticeMs / 1000} s; it is still waited for`;
  const method = kind === "image" ? "asyncBatchAnnotateImages" : "asyncBatchAnnotateFiles";
  return new RpcError(message, { code: "UNAVAILABLE", message, details: [], method });
}
