import type { SharedClientOptions } from "./client-options.ts";
import { VisionBatchError } from "./errors/index.ts";
import {
  createOperationRuntime,
  OperationHandle,
  parseOperationReference,
  toSnapshot,
  type KnownOperation,
  type OperationMessage,
  type OperationOrigin,
  type OperationRuntime,
  type OperationToken,
} from "./operations/index.ts";
import type { PollHistory } from "./operations/poll-schedule.ts";
import { PagedList } from "./paged-list.ts";
import { Telemetry } from "./telemetry/index.ts";
import {
  abortable,
  CallTelemetry,
  createCaller,
  GrpcTransport,
  packageVersion,
  peerOf,
  RestTransport,
  resolveConnection,
  silentLogger,
  systemClock,
  type Call,
  type CallOptions,
  type Caller,
  type CallerOptions,
  type Connection,
  type RawResponse,
} from "./transport/index.ts";

/** Options of `listOperations`; a time limit is that of a page. */
export interface ListOperationsOptions extends CallOptions {
  /** What to list: `operations`, or the parent of others, e.g. `projects/p/locations/eu`. Default `operations`. */
  readonly name?: string | undefined;
  /** A filter in the service's own syntax. */
  readonly filter?: string | undefined;
  /** Operations a page; the server may send fewer. Default: the server's. */
  readonly pageSize?: number | undefined;
}

/** So many that reads are kept apart. */
const manyOthers = 100;
// The descriptors give every version and service the same host and scopes; a test holds this to the method table.
const defaultHost = "vision.googleapis.com";
const scopes = [
  "https://www.googleapis.com/auth/cloud-platform",
  "https://www.googleapis.com/auth/cloud-vision",
];

/** What the clients of all services have in common: a connection, calls over it, and operations. */
export class ClientCore {
  readonly caller: Caller;
  readonly telemetry: Telemetry;
  readonly #location: string | undefined;
  readonly #connection: Connection;
  readonly #transport: GrpcTransport | RestTransport;
  readonly #callerOptions: CallerOptions;
  readonly #calls: CallTelemetry;
  readonly #runtime: OperationRuntime;
  readonly #closing = new AbortController();

  constructor(options: SharedClientOptions) {
    const { logger = silentLogger, clock = systemClock } = options;
    this.#location = options.location;
    this.#connection = resolveConnection(options, defaultHost);
    const open = options.transport === "rest" ? RestTransport : GrpcTransport;
    this.#transport = new open(this.#connection, options, scopes);
    this.telemetry = new Telemetry(options.telemetry, packageVersion);
    this.#calls = new CallTelemetry(this.telemetry, peerOf(this.#connection, options.transport));
    this.#callerOptions = { logger, clock, telemetry: this.telemetry };
    this.caller = createCaller(this.#calls.observe(this.#transport), this.#callerOptions);
    this.#runtime = createOperationRuntime({
      ...{ caller: this.caller, clock, logger, closed: this.#closing.signal },
      host: this.#connection.host,
      emulated: this.#connection.emulated,
      canWait: options.transport !== "rest",
      pollSchedule: options.pollSchedule,
      pollsPerMinute: options.pollsPerMinute,
      telemetry: this.telemetry,
    });
  }

  /** A submit of the caller. */
  submit(call: Call): Promise<object> {
    return this.#calls.submit(call, () => this.caller.submit(call));
  }

  /** As a submit of the caller, but with the response as it comes; over REST only. */
  async submitRaw(call: Call): Promise<RawResponse> {
    if (!(this.#transport instanceof RestTransport)) {
      throw new VisionBatchError('a raw response needs the client option transport: "rest"');
    }
    const transport = this.#calls.observe(this.#transport.raw);
    const caller = createCaller(transport, this.#callerOptions);
    return (await this.#calls.submit(call, () => caller.submit(call))) as RawResponse;
  }

  /** Starts an operation: a submit that is answered by one. */
  async start(call: Call, origin: OperationOrigin): Promise<OperationHandle> {
    return this.#calls.submit(call, async ({ traceparent }) => {
      const operation = (await this.caller.submit(call)) as OperationMessage;
      return this.#handle(operation, { origin, traceparent, isNew: true });
    });
  }

  /** A handle by name or token; nothing is sent. */
  operation<Result, Metadata>(
    reference: string | OperationToken,
  ): OperationHandle<Result, Metadata> {
    const parsed = parseOperationReference(reference);
    const { name, origin, traceparent, host = this.#connection.host } = parsed;
    if (host !== this.#connection.host) {
      const fields = { operation: name, startedAt: host, askedAt: this.#connection.host };
      this.#runtime.logger.warn(fields, "the operation was started at another host");
    }
    return new OperationHandle(name, this.#runtime, { origin, traceparent });
  }

  /** The pause before an operation is read again that is one of many and nobody here watches. */
  planRead(timing: Pick<PollHistory, "origin" | "ageMs" | "polls">): number {
    const { plan, random } = this.#runtime;
    return plan({ ...timing, failures: 0, others: manyOthers, phase: 1, chance: random() });
  }

  /** Reads of operations a minute that are allowed at present. */
  get readsPerMinute(): number {
    return this.#runtime.turns.perMinute;
  }

  /** The operations that the service still knows, page after page. */
  async *listOperations(
    options: ListOperationsOptions,
  ): AsyncGenerator<OperationHandle, void, void> {
    const { name = "operations", filter = "", pageSize = 0, ...callOptions } = options;
    const pages = new PagedList(async (pageToken = "") => {
      const request = { name, filter, pageSize, pageToken };
      const { operations, nextPageToken } = await this.#runtime.api.list(request, callOptions);
      return { items: operations, nextPageToken };
    }, options.signal);
    for await (const operation of pages) yield await this.#handle(operation);
  }

  /** The parent that goes with the client's location; undefined where it has none. */
  async parent(signal: AbortSignal | undefined): Promise<string | undefined> {
    if (this.#location === undefined) return undefined;
    const projectId = await abortable(this.#projectId(), signal);
    return `projects/${projectId}/locations/${this.#location}`;
  }

  /** Closes the connections; who waits for an operation is told so. */
  async close(): Promise<void> {
    const closed = this.#transport.close();
    this.#closing.abort();
    await closed;
  }

  /** A handle of an operation that the service told of; with what else is known where it was started just now. */
  async #handle(
    operation: OperationMessage,
    known: Omit<KnownOperation, "snapshot"> = {},
  ): Promise<OperationHandle> {
    const snapshot = await toSnapshot(operation);
    return new OperationHandle(operation.name, this.#runtime, { ...known, snapshot });
  }

  async #projectId(): Promise<string> {
    const advice = "a location needs a project: give the option projectId";
    const projectId = await this.#transport.projectId().catch((cause: unknown) => {
      throw new VisionBatchError(advice, { cause });
    });
    if (projectId === undefined) throw new VisionBatchError(advice);
    return projectId;
  }
}
