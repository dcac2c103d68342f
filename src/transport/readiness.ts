import type { UnaryStub } from "../protocol/stubs.ts";
import { abortable } from "./abortable.ts";
import { PreparationError } from "./grpc-failure.ts";

/** How long a submit waits for a connection at most: where none has come by then, host or network are wrong. */
const connectTimeoutMs = 60_000;
const sliceMs = 1000;
/** `grpc.connectivityState.READY`, which loading grpc-js for would be too much. */
const readyState = 2;

/** Whether a stub has a connection now; where it has none, it begins to connect. */
export function isReady(stub: UnaryStub): boolean {
  return stub.getChannel().getConnectivityState(true) === readyState;
}

/** Lets every event that waits be handled. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Waits for a ready connection until the deadline (ms since the epoch), 60 s at most, and answers why
 * there is none. In slices, since grpc-js keeps the timer of a wait that nobody wants any more.
 */
export async function waitUntilReady(
  stub: UnaryStub,
  deadline: number,
  isWanted: () => boolean,
): Promise<Error | undefined> {
  const end = Math.min(deadline, Date.now() + connectTimeoutMs);
  for (;;) {
    const error = await waitSlice(stub, Math.min(end, Date.now() + sliceMs));
    if (error === undefined || Date.now() >= end || !isWanted()) return error;
  }
}

function waitSlice(stub: UnaryStub, deadline: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    stub.waitForReady(deadline, (error) => {
      resolve(error ?? undefined);
    });
  });
}

/** Credentials come from files, commands and servers, any of which can hang. */
export async function beforeDeadline<T>(credentials: Promise<T>, deadline: number): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new PreparationError("DEADLINE_EXCEEDED", "no credentials within the time limit"));
  }, deadline - Date.now());
  try {
    return await abortable(credentials, limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
