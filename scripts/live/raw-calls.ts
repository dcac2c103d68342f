import type { Code } from "../../src/errors/index.ts";
import type { OperationMessage } from "../../src/operations/index.ts";
import { loadJsonCodec, type JsonCodec, type JsonObject } from "../../src/protocol/json-codec.ts";
import {
  loadServices,
  operationsService,
  type MethodEntry,
  type ServiceEntry,
} from "../../src/protocol/method-table.ts";
import { GrpcTransport, resolveConnection } from "../../src/transport/index.ts";
import { connectionOptions } from "./connect.ts";
import type { Service } from "./arguments.ts";

/** What a call was answered, as JSON. */
export type RawAnswer =
  | { readonly code: "OK"; readonly response: JsonObject }
  | { readonly code: Exclude<Code, "OK">; readonly message: string };

/** The name of an operation in proto3 JSON. */
export function nameOf({ name }: JsonObject): string {
  if (typeof name !== "string") throw new Error("the operation has no name");
  return name;
}

const callTimeoutMs = 60_000;

/**
 * Calls that go round the client on purpose: it refuses what the service is known to refuse before
 * anything is sent, retries what fails, and has no delete and no wait. Here every request goes out
 * as it is, once, and every status comes back as data.
 */
export class RawCalls {
  readonly #transport: GrpcTransport;
  readonly #codec: JsonCodec;
  readonly #annotator: ServiceEntry;

  private constructor(transport: GrpcTransport, codec: JsonCodec, annotator: ServiceEntry) {
    this.#transport = transport;
    this.#codec = codec;
    this.#annotator = annotator;
  }

  static async open(service: Service): Promise<RawCalls> {
    const { ImageAnnotator } = await loadServices("v1");
    const options = connectionOptions(service);
    const connection = resolveConnection(options, ImageAnnotator.defaultHost);
    const transport = new GrpcTransport(connection, options, ImageAnnotator.scopes);
    return new RawCalls(transport, await loadJsonCodec("v1"), ImageAnnotator);
  }

  /** Calls a method of v1 ImageAnnotator, e.g. `asyncBatchAnnotateImages`, with a request in proto3 JSON. */
  annotate(method: string, request: JsonObject, signal: AbortSignal): Promise<RawAnswer> {
    return this.#call(this.#annotator.methods[method], request, signal);
  }

  /** Calls a method of google.longrunning.Operations, e.g. `getOperation`. */
  operations(
    method: string,
    request: JsonObject & { readonly name: string },
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    return this.#call(operationsService.methods[method], request, signal);
  }

  /** An operation as proto3 JSON. */
  toJson(operation: OperationMessage): JsonObject {
    return this.#codec.toJson("google.longrunning.Operation", operation);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #call(
    method: MethodEntry | undefined,
    request: JsonObject,
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    if (method === undefined) throw new Error("there is no such method");
    signal.throwIfAborted();
    const outcome = await this.#transport.attempt({
      method,
      request: this.#codec.fromJson(method.requestType, request),
      timeoutMs: callTimeoutMs,
      signal,
      whenReady: true,
    });
    if (outcome.ok) {
      return { code: "OK", response: this.#codec.toJson(method.responseType, outcome.response) };
    }
    signal.throwIfAborted();
    const { code, message } = outcome.status;
    return { code: code === "OK" ? "UNKNOWN" : code, message };
  }
}
