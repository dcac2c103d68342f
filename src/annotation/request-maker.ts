import { InvalidRequestError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { loadJsonCodec, type JsonCodec } from "../protocol/json-codec.ts";
import { maxRequestBytes } from "../protocol/limits.ts";
import { loadMessageTypes, type MessageType } from "../protocol/message-types.ts";
import { prepareRequest } from "../requests/index.ts";
import type { AnnotationPort, AnswerMethod } from "./annotation-port.ts";
import { jsonBytes } from "./request-size.ts";

/** One image or file as it goes into a request. */
export type OneRequest = Readonly<Record<string, unknown>>;

/** An image or file that fits into a request, with its size there as JSON. */
export interface SizedRequest {
  readonly request: OneRequest;
  readonly bytes: number;
}

/** What stands in a request beside its inputs, and a comma and a few pages more than are known yet. */
const reservedBytes = 1024;

/** Checks what goes into requests of one method, and how much fits into one. */
export class RequestMaker {
  readonly codec: JsonCodec;
  readonly version: ApiVersion;
  readonly #method: AnswerMethod;
  readonly #encoding: "json" | "proto";
  readonly #types: ReadonlyMap<string, MessageType>;
  #envelopeBytes = 0;

  /** Loads the codec and the messages of the method. @throws VisionBatchError where there is no such method. */
  static async load(port: AnnotationPort, method: AnswerMethod): Promise<RequestMaker> {
    const version = await port.messages(method);
    const [codec, types] = await Promise.all([loadJsonCodec(version), loadMessageTypes(version)]);
    return new RequestMaker({ method, version, encoding: port.encoding, codec, types });
  }

  private constructor(parts: {
    readonly method: AnswerMethod;
    readonly version: ApiVersion;
    readonly encoding: "json" | "proto";
    readonly codec: JsonCodec;
    readonly types: ReadonlyMap<string, MessageType>;
  }) {
    this.codec = parts.codec;
    this.version = parts.version;
    this.#encoding = parts.encoding;
    this.#method = parts.method;
    this.#types = parts.types;
  }

  /** How much of a request its inputs may take, in bytes of JSON. */
  get inputBytes(): number {
    return maxRequestBytes - reservedBytes - this.#envelopeBytes;
  }

  /** The full name of a message type of the version. */
  typeName(name: string): string {
    return `google.cloud.vision.${this.version}.${name}`;
  }

  /**
   * Checks what is asked of every input, and what goes beside them.
   * @throws InvalidRequestError naming the options that are wrong.
   */
  checkOptions(what: string, sample: OneRequest, envelope: OneRequest): void {
    const request = { requests: [sample], ...envelope };
    const { requests: _sample, ...checked } = this.#prepare(request, what, "options");
    const typeName = this.typeName(`B${this.#method.slice(1)}Request`);
    const emptied = { ...checked, requests: [] };
    this.#envelopeBytes = jsonBytes(this.codec, typeName, { emptied });
  }

  /**
   * Checks one input and measures it; `name` is what it is called in errors.
   * @throws InvalidRequestError for one that the service does not take, or that is too large to be sent.
   */
  size(name: string, request: OneRequest): SizedRequest {
    const [checked] = this.#prepare({ requests: [request] }, "the input", name).requests;
    const isFile = this.#method === "batchAnnotateFiles";
    const field = isFile ? "inputConfig" : "image";
    const holder = checked?.[field] as { readonly content: Uint8Array };
    const { content } = holder;
    const emptied = { ...checked, [field]: { ...holder, content: new Uint8Array(0) } };
    const typeName = this.typeName(isFile ? "AnnotateFileRequest" : "AnnotateImageRequest");
    const bytes = jsonBytes(this.codec, typeName, { emptied, content });
    if (bytes > this.inputBytes) this.#checkAlone(name, { checked, typeName, bytes });
    return { request, bytes };
  }

  /** What does not fit as JSON is sent alone, where it fits in the form in which it goes out. */
  #checkAlone(
    field: string,
    one: { readonly checked: unknown; readonly typeName: string; readonly bytes: number },
  ): void {
    const type = this.#encoding === "proto" ? this.#types.get(one.typeName) : undefined;
    const bytes = type?.encode(one.checked as never).finish().length ?? one.bytes;
    if (bytes <= this.inputBytes) return;
    const message = `takes ${bytes} bytes of a request, which has ${maxRequestBytes}: put it into Cloud Storage and give its gs:// URI`;
    throw new InvalidRequestError("the input", [{ field, value: `[${bytes} bytes]`, message }]);
  }

  #prepare(
    request: OneRequest,
    what: string,
    name: string,
  ): Readonly<Record<string, unknown>> & { readonly requests: readonly OneRequest[] } {
    try {
      return prepareRequest(this.version, this.#method as never, request as never) as never;
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      const problems = error.problems.map((problem) => ({
        ...problem,
        field: `${name}.${problem.field.replace(/^requests\[0\]\.?/, "")}`,
      }));
      throw new InvalidRequestError(what, problems);
    }
  }
}
