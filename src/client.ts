import { AnnotatingClient } from "./annotating-client.ts";
import { checkClientOptions, type VisionBatchClientOptions } from "./client-options.ts";
import { ClientCore, type ListOperationsOptions } from "./client-core.ts";
import { storeOfClient } from "./client-store.ts";
import { VisionBatchError } from "./errors/index.ts";
import { originOf, type OperationHandle, type OperationToken } from "./operations/index.ts";
import type { ApiVersion } from "./protocol/api-version.ts";
import {
  loadServices,
  messagesOver,
  versionOfType,
  type MethodEntry,
  type TransportName,
} from "./protocol/method-table.ts";
import type {
  AnnotateMethod,
  MetadataOf,
  MethodOf,
  RequestOf,
  ResponseOf,
  ResultOf,
  VersionsWith,
} from "./protocol/version-methods.ts";
import type { Runs, RunsBase, RunService, RunsOptions } from "./runs/index.ts";
import type { ObjectStore } from "./storage/index.ts";
import type { Call, CallOptions, RawResponse } from "./transport/index.ts";

/** A client that has a method, by version and transport; `never` where it has not, so that the call does not compile. */
type Having<V extends ApiVersion, M extends AnnotateMethod, T extends TransportName> = [V] extends [
  VersionsWith<M, T>,
]
  ? VisionBatchClient<V, T>
  : never;

/** The methods of a client over REST; none over gRPC. */
type RestMethod<V extends ApiVersion, T extends TransportName> = [T] extends ["rest"]
  ? MethodOf<V, "rest">
  : never;

/**
 * A client of Google Cloud Vision for offline batches, over gRPC or REST. Creating one reads the
 * options and nothing else: connections, credentials and message code come with the first call.
 */
export class VisionBatchClient<V extends ApiVersion = "v1", T extends TransportName = "grpc">
  extends AnnotatingClient<V, T>
  implements AsyncDisposable
{
  /** The version of the API that this client speaks. */
  readonly version: V;
  /** How it calls the service. */
  readonly transport: T;
  readonly #core: ClientCore;
  readonly #options: VisionBatchClientOptions<V, T>;

  /** @throws VisionBatchError for options that cannot be used. */
  constructor(options: VisionBatchClientOptions<V, T> = {}) {
    checkClientOptions(options);
    super({
      encoding: options.transport === "rest" ? "json" : "proto",
      messages: async (method) => this.#messagesOf(await this.#method(method)),
      call: (method, request, callOptions) => this.#submit(method, request, callOptions),
    });
    this.version = options.version ?? ("v1" as V);
    this.transport = options.transport ?? ("grpc" as T);
    this.#core = new ClientCore(options);
    this.#options = options;
  }

  /**
   * Starts the annotation of 1 to 2,000 images in Cloud Storage; the results are written to
   * `outputConfig.gcsDestination.uri`, which should be unique to the request. Sent once, never retried.
   * @throws InvalidRequestError before anything is sent; SubmitError whose `outcome` tells whether it
   * may be sent again.
   */
  async asyncBatchAnnotateImages(
    this: Having<V, "asyncBatchAnnotateImages", T>,
    request: RequestOf<V, "asyncBatchAnnotateImages", T>,
    options?: CallOptions,
  ): Promise<
    OperationHandle<
      ResultOf<V, "asyncBatchAnnotateImages", T>,
      MetadataOf<V, "asyncBatchAnnotateImages", T>
    >
  > {
    const client = this as VisionBatchClient<V, T>;
    return client.#start("asyncBatchAnnotateImages", request, options);
  }

  /**
   * Starts the annotation of PDF, TIFF or GIF files in Cloud Storage, up to 2,000 pages each; the
   * results are written to the output config of each file. Sent once, never retried.
   * @throws InvalidRequestError before anything is sent; SubmitError whose `outcome` tells whether it
   * may be sent again.
   */
  async asyncBatchAnnotateFiles(
    this: Having<V, "asyncBatchAnnotateFiles", T>,
    request: RequestOf<V, "asyncBatchAnnotateFiles", T>,
    options?: CallOptions,
  ): Promise<
    OperationHandle<
      ResultOf<V, "asyncBatchAnnotateFiles", T>,
      MetadataOf<V, "asyncBatchAnnotateFiles", T>
    >
  > {
    const client = this as VisionBatchClient<V, T>;
    return client.#start("asyncBatchAnnotateFiles", request, options);
  }

  /**
   * Annotates 1 to 16 images at once. It is billed, so it is sent once and not retried.
   * @throws InvalidRequestError before anything is sent; SubmitError otherwise.
   */
  async batchAnnotateImages(
    this: Having<V, "batchAnnotateImages", T>,
    request: RequestOf<V, "batchAnnotateImages", T>,
    options?: CallOptions,
  ): Promise<ResponseOf<V, "batchAnnotateImages", T>> {
    const client = this as VisionBatchClient<V, T>;
    return (await client.#submit("batchAnnotateImages", request, options)) as ResponseOf<
      V,
      "batchAnnotateImages",
      T
    >;
  }

  /**
   * Annotates up to 5 pages of one PDF, TIFF or GIF file at once. It is billed, so it is sent once
   * and not retried.
   * @throws InvalidRequestError before anything is sent; SubmitError otherwise.
   */
  async batchAnnotateFiles(
    this: Having<V, "batchAnnotateFiles", T>,
    request: RequestOf<V, "batchAnnotateFiles", T>,
    options?: CallOptions,
  ): Promise<ResponseOf<V, "batchAnnotateFiles", T>> {
    const client = this as VisionBatchClient<V, T>;
    return (await client.#submit("batchAnnotateFiles", request, options)) as ResponseOf<
      V,
      "batchAnnotateFiles",
      T
    >;
  }

  /**
   * Calls a method over REST and answers with the response as it comes: JSON text, unzipped, of which
   * nothing is decoded. It is checked and billed as the method itself, so it is sent once. The time
   * limit and the signal hold until the body has ended; destroying the body ends the call.
   * @throws InvalidRequestError before anything is sent; SubmitError for every status that is not 2xx.
   */
  async requestStream<M extends RestMethod<V, T>>(
    method: M,
    request: RequestOf<V, M, "rest">,
    options?: CallOptions,
  ): Promise<RawResponse> {
    return this.#core.submitRaw(await this.#call(method, request, options));
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
    return this.#core.operation(reference);
  }

  /**
   * The operations that the service still knows, page after page as they are needed. The live
   * service may not offer this (UNIMPLEMENTED).
   * @throws RpcError.
   */
  listOperations(options: ListOperationsOptions = {}): AsyncGenerator<OperationHandle, void, void> {
    return this.#core.listOperations(options);
  }

  /**
   * Opens the runs of a journal: any number of images and files, annotated through crashes. The client
   * stays open when they are closed, and must not be closed before, unless `closeClient` is set.
   * @throws JournalError where the journal cannot be used.
   */
  async runs(options: RunsOptions & { readonly closeClient?: boolean }): Promise<Runs<V>> {
    const { openRunsOver } = await import("./runs/index.ts");
    const { closeClient = false, store, ...others } = options;
    const onClose = closeClient ? () => this.close() : undefined;
    const logger = others.logger ?? this.#options.logger;
    const base = { ...this.backend({ store }), onClose };
    return openRunsOver<V>(base, { ...others, logger });
  }

  /** The service, and the store unless another is given, as a worker takes them: see `createWorker` of `vision-batch/workers`. */
  backend({ store }: { readonly store?: ObjectStore | undefined } = {}): RunsBase {
    const { telemetry } = this.#core;
    const service = this.#runService();
    return { service, store: store ?? storeOfClient(this.#options), telemetry };
  }

  /**
   * Closes the connections. What was sent is still answered; later calls are refused, and who waits
   * for an operation is told so at once, by an RpcError of the code FAILED_PRECONDITION.
   */
  async close(): Promise<void> {
    await this.#core.close();
  }

  /** As {@link VisionBatchClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #runService(): RunService {
    return {
      version: this.version,
      prepare: async (method, request, options) => {
        const call = await this.#call(method, request, options);
        return {
          ready: (waiting) => this.#core.caller.ready({ ...call, ...waiting }),
          send: (sending) =>
            this.#core.start({ ...call, ...sending }, originOf(method, call.request)),
        };
      },
      operation: (reference) => this.operation(reference),
      listOperations: (options) => this.listOperations(options),
      planRead: (timing) => this.#core.planRead(timing),
      readsPerMinute: () => this.#core.readsPerMinute,
    };
  }

  async #start<M extends AnnotateMethod>(
    method: M,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<OperationHandle<ResultOf<V, M, T>, MetadataOf<V, M, T>>> {
    const call = await this.#call(method, init, options);
    const handle = await this.#core.start(call, originOf(method, call.request));
    return handle as OperationHandle<ResultOf<V, M, T>, MetadataOf<V, M, T>>;
  }

  async #submit(
    method: AnnotateMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<object> {
    return this.#core.submit(await this.#call(method, init, options));
  }

  async #call(
    method: AnnotateMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<Call> {
    // Validation is not needed to follow operations, which is all that many processes do.
    const { prepareRequest } = await import("./requests/index.ts");
    const entry = await this.#method(method);
    const messages = this.#messagesOf(entry);
    const located = await this.#withParent(init, messages, options?.signal);
    return {
      ...options,
      method: entry,
      request: prepareRequest(messages, method, located as never),
      // A copy, which is made for this call.
      isGiven: true,
    };
  }

  async #method(name: AnnotateMethod): Promise<MethodEntry> {
    const { ImageAnnotator } = await loadServices(this.version);
    const method = ImageAnnotator.methods[name];
    const isOverRest = this.transport === "rest";
    if (method === undefined || (!isOverRest && method.path === undefined)) {
      const advice = method === undefined ? "another version" : 'the transport "rest"';
      const over = isOverRest ? "REST" : "gRPC";
      throw new VisionBatchError(`${this.version} has no ${name} over ${over}: choose ${advice}`);
    }
    return method;
  }

  /** The version whose messages a method takes and gives over the transport. */
  #messagesOf(method: MethodEntry): ApiVersion {
    return versionOfType(messagesOver(method, this.transport).requestType) ?? this.version;
  }

  /** A location goes with a parent that names it; only messages of v1 have the field. */
  async #withParent(
    init: unknown,
    messages: ApiVersion,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const isRequest = typeof init === "object" && init !== null;
    const hasField = messages === "v1" && isRequest;
    if (!hasField || (init as { parent?: unknown }).parent) return init;
    const parent = await this.#core.parent(signal);
    return parent === undefined ? init : { ...init, parent };
  }
}
