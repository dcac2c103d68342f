import type { ClientCore } from "./client-core.ts";
import { VisionBatchError } from "./errors/index.ts";
import { PagedList } from "./paged-list.ts";
import { loadServices, type MethodEntry } from "./protocol/method-table.ts";
import type { ProductSearchMethod, ProductSearchVersion } from "./protocol/product-methods.ts";
import type { Call, CallOptions } from "./transport/index.ts";

/** A time limit for what makes something new, which waits for no annotation. */
const createTimeoutMs = 60_000;

/** The calls behind the methods of a ProductSearchClient: checked, located, and sent by their policy. */
export class ProductSearchCalls {
  readonly #core: ClientCore;
  readonly #version: ProductSearchVersion;

  constructor(core: ClientCore, version: ProductSearchVersion) {
    this.#core = core;
    this.#version = version;
  }

  /** A call that may be repeated. */
  async repeat<Response>(
    method: ProductSearchMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<Response> {
    return (await this.#core.caller.read(await this.#call(method, init, options))) as Response;
  }

  /** A call that is sent once, because nothing would tell a repetition. */
  async create<Response>(
    method: ProductSearchMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<Response> {
    return (await this.#core.submit(await this.#createCall(method, init, options))) as Response;
  }

  /** As `create`, of a method that starts an operation. */
  async start<Handle>(
    method: ProductSearchMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<Handle> {
    const call = await this.#createCall(method, init, options);
    return (await this.#core.start(call, { kind: method, size: 1, outputs: [] })) as Handle;
  }

  /** The items of a list, which stand in `field` of each page. */
  list<Item>(
    method: ProductSearchMethod,
    field: string,
    { request, options }: { readonly request: unknown; readonly options: CallOptions | undefined },
  ): PagedList<Item> {
    return new PagedList(async (pageToken) => {
      const init = pageToken === undefined ? request : { ...(request as object), pageToken };
      const page = await this.repeat<ListResponse<Item>>(method, init, options);
      return { items: page[field] as readonly Item[], nextPageToken: page.nextPageToken };
    }, options?.signal);
  }

  async #createCall(
    method: ProductSearchMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<Call> {
    const call = await this.#call(method, init, options);
    return { ...call, timeoutMs: call.timeoutMs ?? createTimeoutMs };
  }

  async #call(
    name: ProductSearchMethod,
    init: unknown,
    options: CallOptions | undefined,
  ): Promise<Call> {
    const { prepareProductRequest } = await import("./requests/prepare-product-request.ts");
    const method = await this.#method(name);
    const located = await this.#withParent(method, init, options?.signal);
    const request = await prepareProductRequest(this.#version, method, located);
    return { ...options, method, request };
  }

  async #method(name: ProductSearchMethod): Promise<MethodEntry> {
    const { ProductSearch } = await loadServices(this.#version);
    const method = ProductSearch?.methods[name];
    if (method === undefined) {
      throw new VisionBatchError(`${this.#version} has no ${name}: choose another version`);
    }
    return method;
  }

  /** The parent of a reference image is a product, which no location stands for. */
  async #withParent(
    { http }: MethodEntry,
    init: unknown,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const isLocated = http[0]?.path.includes("{parent=projects/*/locations/*}") === true;
    const isRequest = typeof init === "object" && init !== null;
    if (!isLocated || !isRequest || (init as { parent?: unknown }).parent) return init;
    const parent = await this.#core.parent(signal);
    return parent === undefined ? init : { ...init, parent };
  }
}

interface ListResponse<Item> {
  readonly nextPageToken: string;
  readonly [field: string]: readonly Item[] | string | number;
}
