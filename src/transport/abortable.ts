/** Calls back with the reason of the first signal that aborts; the returned function takes every listener away again. */
export function onAbort(
  signals: readonly AbortSignal[],
  act: (reason: unknown) => void,
): () => void {
  const links = signals.map((signal) => ({
    signal,
    listener: (): void => {
      unlink();
      act(signal.reason);
    },
  }));
  const unlink = (): void => {
    for (const { signal, listener } of links) signal.removeEventListener("abort", listener);
  };
  for (const { signal, listener } of links) signal.addEventListener("abort", listener);
  return unlink;
}

/** Settles as the promise does, or rejects with the reason of the first signal that aborts; leaves no listener. */
export async function abortable<T>(
  promise: Promise<T>,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<T> {
  const given = signals.filter((signal) => signal !== undefined);
  // Whoever stops waiting must not leave a rejection that nobody handles.
  promise.catch(() => undefined);
  for (const signal of given) signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const unlink = onAbort(given, reject);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    unlink();
  }
}
