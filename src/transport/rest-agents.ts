import type { Agent as HttpAgent } from "node:http";

/**
 * How long a connection may have been idle for a read to use it, in milliseconds: well under the idle
 * limits of load balancers, 60 s for many.
 */
const idleMs = 30_000;
/**
 * The same for a submit, for which a connection that the other end is just closing would leave the
 * outcome unknown: under the 5 s of Node's own servers, the shortest in common use.
 */
const submitIdleMs = 4_000;
/** When an idle connection is probed, so that a NAT on the way does not forget the call that waits on it. */
const probeMs = 30_000;

/** The connections of a transport, kept while they are fresh. */
export interface RestAgents {
  readonly reads: HttpAgent;
  readonly submits: HttpAgent;
  /** Closes all of them. */
  destroy(): void;
}

/** Connections for plain HTTP (an emulator) or TLS; none is opened yet. */
export async function createAgents(isPlain: boolean): Promise<RestAgents> {
  const { Agent } = isPlain ? await import("node:http") : await import("node:https");
  const options = { keepAlive: true, keepAliveMsecs: probeMs, scheduling: "lifo" } as const;
  const reads = new Agent({ ...options, timeout: idleMs });
  const submits = new Agent({ ...options, timeout: submitIdleMs });
  return {
    reads,
    submits,
    destroy: () => {
      reads.destroy();
      submits.destroy();
    },
  };
}
