import { checkClientOptions, type VisionBatchClientOptions } from "./client-options.ts";
import { VisionBatchError } from "./errors/index.ts";
import {
  createOperationsApi,
  emulatorPollSchedule,
  OperationHandle,
  parseOperationReference,
  servicePollSchedule,
  toSnapshot,
  type OperationMessage,
  type OperationRuntime,
  type OperationToken,
} from "./operations/index.ts";
import type { ApiVersion } from "./protocol/api-version.ts";
import { loadServices, type MethodEntry } from "./protocol/method-table.ts";
import type {
  AnnotateMethod,
  MetadataOf,
  RequestOf,
  ResponseOf,
  ResultOf,
  VersionsWith,
} from "./protocol/version-methods.ts";
import {
  abortable,
  createCaller,
  GrpcTransport,
  resolveConnection,
  silentLogger,
  systemClock,
  type CallOptions,
  type Caller,
  type Connection,
  type Transport,
} from "./transport/index.ts";

/** Options of {@link VisionBatchClient.listOperations}; a time limit is that of a page. */
export interface ListOperationsOptions extends CallOptions {
  /** What to list: `operations`, or the parent of others, e.g. `projects/p/locations/eu`. Default `operations`. */
  readonly name?: string | undefined;
  /** A filter in the service's own syntax. */
  readonly filter?: string | undefined;
  /** Operations a page; the server may send fewer. Default: the server's. */
  readonly pageSize?: number | undefined;
}

/** A client whose version has a method; `never` where it has not, so that the call does not compile. */
type Having<V extends ApiVersion, M extends AnnotateMethod> = [V] extends [VersionsWith<M>]
  ? VisionBatchClient<V>
  : never;

type HandleOf<V extends ApiVersion, M extends AnnotateMethod> = OperationHandle<
  ResultOf<V, M>,
  MetadataOf<V, M>
>;

// The descriptors give every version the same host and scopes; a test holds this to the method table.
const defaultHost = "vision.googleapis.com";
const scopes = [
  "https://www.googleapis.com/auth/cloud-platform",
  "https://www.googleapis.com/auth/cloud-vision",
];

/**
 * A client of Google Cloud Vision for offline batches, over gRPC. Creating one reads the options and
 * nothing else: connections, credentials and message code come with the first call.
 */
export class VisionBatchClient<V extends ApiVersion = "v1"> implements AsyncDisposable {
  /** The version of the API that this client speaks. */
  readonly version: V;
  readonly #options: VisionBatchClientOptions<V>;
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #caller: Caller;
  readonly #runtime: OperationRuntime;
  readonly #closing = new AbortController();

  /** @throws VisionBatchError for options that cannot be used. */
  constructor(options: VisionBatchClientOptions<V> = {}) {
    checkClientOptions(options);
    const { logger = silentLogger, clock = systemClock } = options;
    this.version = options.version ?? ("v1" as V);
    this.#options = options;
    this.#connection = resolveConnection(options, defaultHost);
    this.#transport = new GrpcTransport(this.#connection, options, scopes);
    this.#caller = createCaller(this.#transport, { logger, clock });
    this.#runtime = {
      api: createOperationsApi(this.#caller),
      clock,
      logger,
      random: Math.random,
      host: this.#connection.host,
      closed: this.#closing.signal,
      schedule:
        options.pollSchedule ??
        (this.#connection.emulated ? emulatorPollSchedule : servicePollSchedule),
    };
  }

  /**
   * Starts the annotation of 1 to 2,000 images in Cloud Storage; the results are written to
   * `outputConfig.gcsDestination.uri`, which should be unique to the request. Sent once, never retried.
   * @throws InvalidRequestError before anything is sent; SubmitError whose `outcome` tells whether it
   * may be sent again.
   */
  async asyncBatchAnnotateImages(
    this: Having<V, "asyncBatchAnnotateImages">,
    request: RequestOf<V, "asyncBatchAnnotateImages">,
    options?: CallOptions,
  ): Promise<HandleOf<V, "asyncBatchAnnotateImages">> {
    const client = this as VisionBatchClient<V>;
    return (await client.#start("asyncBatchAnnotateImages", request, options)) as HandleOf<
      V,
      "asyncBatchAnnotateImages"
    >;
  }

  /**
   * Starts the annotation of PDF, TIFF or GIF files in Cloud Storage, up to 2,000 pages each; the
   * results are written to the output config of each file. Sent once, never retried.
   * @throws InvalidRequestError before anything is sent; SubmitError whose `outcome` tells whether it
   * may be sent again.
   */
  async asyncBatchAnnotateFiles(
    this: Having<V, "asyncBatchAnnotateFiles">,
    request: RequestOf<V, "asyncBatchAnnotateFiles">,
    options?: CallOptions,
  ): Promise<HandleOf<V, "asyncBatchAnnotateFiles">> {
    const client = this as VisionBatchClient<V>;
    return (await client.#start("asyncBatchAnnotateFiles", request, options)) as HandleOf<
      V,
      "asyncBatchAnnotateFiles"
    >;
  }

  /**
   * Annotates 1 to 16 images at once. It is billed, so it is sent once and not retried.
   * @throws InvalidRequestError before anything is sent; SubmitError otherwise.
   */
  async batchAnnotateImages(
    this: Having<V, "batchAnnotateImages">,
    request: RequestOf<V, "batchAnnotateImages">,
    options?: CallOptions,
  ): Promise<ResponseOf<V, "batchAnnotateImages">> {
    const client = this as VisionBatchClient<V>;
    return (await client.#submit("batchAnnotateImages", request, options)) as ResponseOf<
      V,
      "batchAnnotateImages"
    >;
  }

  /**
   * Annotates up to 5 pages of one PDF, TIFF or GIF file at once. It is billed, so it is sent once
   * and not retried.
   * @throws InvalidRequestError before anything is sent; SubmitError otherwise.
   */
  async batchAnnotateFiles(
    this: Having<V, "batchAnnotateFiles">,
    request: RequestOf<V, "batchAnnotateFiles">,
    options?: CallOptions,
  ): Promise<ResponseOf<V, "batchAnnotateFiles">> {
    const client = this as VisionBatchClient<V>;
    return (await client.#submit("batchAnnotateFiles", request, options)) as ResponseOf<
      V,
      "batchAnnotateFiles"
    >;
  }

  /**
   * A handle of an operation that was started before, here or elsewhere, by its name or token;
   * nothing is sent. The types of result and metadata are the caller's word: the messages themselves
   * are decoded by the type URLs that the service sends.
   * @throws VisionBatchError for what is neither a name nor a token.
   */
  operation<Result = unknown, Metadata = unknown>(
    reference: string | OperationToken,
  ): OperationHandle<Result, Metadata> {
    const { name, host = this.#connection.host } = parseOperationReference(reference);
    if (host !== this.#connection.host) {
      const fields = { operation: name, startedAt: host, askedAt: this.#connection.host };
      this.#runtime.logger.warn(fields, "the operation was started at another host");
    }
    return new OperationHandle(name, this.#runtime);
  }

  /**
   * The operations that the service still knows, page after page as they are needed. The live
   * service may not offer this (UNIMPLEMENTED).
   * @throws RpcError.
   */
  async *listOperations(
    options: ListOperationsOptions = {},
  ): AsyncGenerator<OperationHandle, void, void> {
    const { name = "operations", filter = "", pageSize = 0, ...callOptions } = options;
    for (let pageToken = ""; ;) {
      const request = { name, filter, pageSize, pageToken };
      const page = await this.#runtime.api.list(request, callOptions);
      for (const operation of page.operations) yield await this.#handle(operation);
      if (page.nextPageToken === "") return;
      pageToken = page.nextPageToken;
    }
  }

  /**
   * Closes the connections. What was sent is still answered; later calls are refused, and who waits
   * for an operation is told so at once, by an RpcError of the code FAILED_PRECONDITION.
   */
  async close(): Promise<void> {
    const closed = this.#transport.close();
    this.#closing.abort();
    await closed;
  }

  /** As {@link VisionBatchClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(
    method: AnnotateMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<OperationHandle> {
    return this.#handle((await this.#submit(method, init, options)) as OperationMessage);
  }

  async #submit(
    method: AnnotateMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<object> {
    // Validation is not needed to follow operations, which is all that many processes do.
    const { prepareRequest } = await import("./requests/index.ts");
    const entry = await this.#method(method);
    const located = await this.#withParent(init, options?.signal);
    const request = prepareRequest(this.version, method, located as never);
    const { parent } = request as { readonly parent?: string };
    const routing: Record<string, string> = parent ? { parent } : {};
    return this.#caller.submit({ ...options, method: entry, request, routing });
  }

  async #handle(operation: OperationMessage): Promise<OperationHandle> {
    const snapshot = await toSnapshot(operation);
    return new OperationHandle(operation.name, this.#runtime, snapshot);
  }

  async #method(name: AnnotateMethod): Promise<MethodEntry> {
    const { ImageAnnotator } = await loadServices(this.version);
    const method = ImageAnnotator.methods[name];
    if (method?.path === undefined) {
      throw new VisionBatchError(
        `${this.version} has no ${name} over gRPC: choose another version`,
      );
    }
    return method;
  }

  /** A location goes with a parent that names it; only v1 has the field. */
  async #withParent(init: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const { location } = this.#options;
    const isRequest = typeof init === "object" && init !== null;
    const hasField = location !== undefined && this.version === "v1" && isRequest;
    if (!hasField || (init as { parent?: unknown }).parent) return init;
    const projectId = await abortable(this.#projectId(), signal);
    return { ...init, parent: `projects/${projectId}/locations/${location}` };
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
