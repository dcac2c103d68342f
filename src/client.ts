import { checkClientOptions, type VisionBatchClientOptions } from "./client-options.ts";
import { ClientCore, type ListOperationsOptions } from "./client-core.ts";
import { VisionBatchError } from "./errors/index.ts";
import type { OperationHandle, OperationMessage, OperationToken } from "./operations/index.ts";
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
import type { CallOptions } from "./transport/index.ts";

/** A client whose version has a method; `never` where it has not, so that the call does not compile. */
type Having<V extends ApiVersion, M extends AnnotateMethod> = [V] extends [VersionsWith<M>]
  ? VisionBatchClient<V>
  : never;

type HandleOf<V extends ApiVersion, M extends AnnotateMethod> = OperationHandle<
  ResultOf<V, M>,
  MetadataOf<V, M>
>;

/**
 * A client of Google Cloud Vision for offline batches, over gRPC. Creating one reads the options and
 * nothing else: connections, credentials and message code come with the first call.
 */
export class VisionBatchClient<V extends ApiVersion = "v1"> implements AsyncDisposable {
  /** The version of the API that this client speaks. */
  readonly version: V;
  readonly #core: ClientCore;

  /** @throws VisionBatchError for options that cannot be used. */
  constructor(options: VisionBatchClientOptions<V> = {}) {
    checkClientOptions(options);
    this.version = options.version ?? ("v1" as V);
    this.#core = new ClientCore(options);
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

  async #start(
    method: AnnotateMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<OperationHandle> {
    return this.#core.handle((await this.#submit(method, init, options)) as OperationMessage);
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
    return this.#core.caller.submit({ ...options, method: entry, request });
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
    const isRequest = typeof init === "object" && init !== null;
    const hasField = this.version === "v1" && isRequest;
    if (!hasField || (init as { parent?: unknown }).parent) return init;
    const parent = await this.#core.parent(signal);
    return parent === undefined ? init : { ...init, parent };
  }
}
