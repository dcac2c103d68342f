import { SubmitError } from "../errors/index.ts";
import type { MethodEntry } from "../protocol/method-table.ts";
import { errorType, metrics, type OpenSpan, type Telemetry } from "../telemetry/index.ts";
import type { Call } from "./caller.ts";
import type { Connection } from "./connection.ts";
import type { Attempt, AttemptOutcome, Transport } from "./transport.ts";

/** Whom calls go to, in the words of the conventions. */
export interface Peer {
  readonly "rpc.system.name": "grpc" | "http";
  readonly "server.address": string;
  readonly "server.port": number;
}

/** The peer of calls over a connection. */
export function peerOf({ host, port }: Connection, transport: "grpc" | "rest" = "grpc"): Peer {
  return {
    "rpc.system.name": transport === "rest" ? "http" : "grpc",
    "server.address": host,
    "server.port": port,
  };
}

/** Tells what calls come to. */
export class CallTelemetry {
  readonly #telemetry: Telemetry;
  readonly #peer: Peer;

  constructor(telemetry: Telemetry, peer: Peer) {
    this.#telemetry = telemetry;
    this.#peer = peer;
  }

  /** A transport that tells how long each attempt took. */
  observe(transport: Transport): Transport {
    return {
      attempt: (attempt) =>
        this.#telemetry.isOn ? this.#timed(transport, attempt) : transport.attempt(attempt),
      ...(transport.ready === undefined ? {} : { ready: transport.ready.bind(transport) }),
      projectId: () => transport.projectId(),
      close: () => transport.close(),
    };
  }

  /** Sends a call that is sent once, within a span, and tells what became of it. */
  submit<T>({ method, request, span }: Call, send: (span: OpenSpan) => Promise<T>): Promise<T> {
    const name = methodName(method);
    const { requests } = request as { readonly requests?: readonly unknown[] };
    const attributes = {
      ...{ ...this.#peer, "rpc.method": name, "vision_batch.inputs": requests?.length },
      ...span?.attributes,
    };
    const start = { activity: "submit", name, isCall: true, isRoot: span?.isRoot } as const;
    return this.#telemetry.span({ ...start, attributes }, async (open) => {
      try {
        const answer = await send(open);
        open.set({ "rpc.response.status_code": "OK", [outcomeLabel]: "accepted" });
        this.#count(name, "accepted");
        return answer;
      } catch (error) {
        if (error instanceof SubmitError) {
          open.set({ "rpc.response.status_code": error.code, [outcomeLabel]: error.outcome });
          this.#count(name, error.outcome, error);
        }
        throw error;
      }
    });
  }

  async #timed(transport: Transport, attempt: Attempt): Promise<AttemptOutcome> {
    await this.#telemetry.open();
    const startedMs = performance.now();
    const outcome = await transport.attempt(attempt);
    const labels = {
      ...{ ...this.#peer, "rpc.method": methodName(attempt.method) },
      ...statusOf(outcome),
    };
    this.#telemetry.record(metrics.callDuration, (performance.now() - startedMs) / 1000, labels);
    return outcome;
  }

  #count(method: string, outcome: string, error?: Error): void {
    this.#telemetry.add(metrics.submits, 1, {
      "rpc.method": method,
      [outcomeLabel]: outcome,
      ...(error === undefined ? {} : { "error.type": errorType(error) }),
    });
  }
}

const outcomeLabel = "vision_batch.submit.outcome";

function statusOf(outcome: AttemptOutcome) {
  if (outcome.ok) return { "rpc.response.status_code": "OK" };
  const { code } = outcome.status;
  return { "rpc.response.status_code": code, "error.type": code };
}

function methodName({ service, name }: MethodEntry): string {
  return `${service}/${name}`;
}
