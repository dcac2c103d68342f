import {
  createOperationRuntime,
  OperationHandle,
  originOf,
  toSnapshot,
  type OperationMessage,
} from "../../src/operations/index.ts";
import {
  AsyncBatchAnnotateImagesRequest,
  AsyncBatchAnnotateImagesResponse,
  OperationMetadata,
  OperationMetadata_State,
} from "../../src/protocol/v1.ts";
import { prepareRequest } from "../../src/requests/index.ts";
import type { PreparedSubmit, RunService, SubmitMethod } from "../../src/runs/index.ts";
import { silentLogger, type Caller } from "../../src/transport/index.ts";
import type { VirtualClock } from "../poll/virtual-clock.ts";
import type { VirtualOutput } from "./virtual-output.ts";

interface Running {
  readonly createdAt: number;
  readonly doneAt: number;
}

const typePrefix = "type.googleapis.com/google.cloud.vision.v1.";

/**
 * A service in virtual time, in this process, and a client of it: requests are checked and encoded, and
 * operations followed, by what every client runs; only the network is not there.
 */
export class VirtualVision implements RunService {
  readonly version = "v1";
  /** What was sent. */
  readonly sent = { requests: 0, bytes: 0, polls: 0 };
  readonly #clock: VirtualClock;
  readonly #output: VirtualOutput;
  readonly #operationMs: number;
  readonly #running = new Map<string, Running>();
  readonly #runtime;

  constructor(
    clock: VirtualClock,
    { output, operationMs }: { readonly output: VirtualOutput; readonly operationMs: number },
  ) {
    this.#clock = clock;
    this.#output = output;
    this.#operationMs = operationMs;
    const caller: Caller = {
      ready: () => Promise.resolve(),
      submit: () => Promise.reject(new Error("submits go another way")),
      read: () => Promise.reject(new Error("nothing is read twice here")),
      readOnce: ({ request }) => this.#poll((request as { readonly name: string }).name),
    };
    this.#runtime = createOperationRuntime({
      ...{ caller, clock, logger: silentLogger, host: "virtual", emulated: false, canWait: false },
      closed: new AbortController().signal,
    });
  }

  prepare(method: SubmitMethod, init: object): Promise<PreparedSubmit> {
    const message = prepareRequest(this.version, method, init as never);
    return Promise.resolve({
      ready: () => Promise.resolve(),
      send: () => this.#accept(method, message),
    });
  }

  operation(): never {
    throw new Error("no operation is taken over here");
  }

  listOperations(): never {
    throw new Error("no operation is looked for here");
  }

  async #accept(method: SubmitMethod, message: object): Promise<OperationHandle> {
    if (method !== "asyncBatchAnnotateImages") throw new Error(`${method} is not served here`);
    const request = message as AsyncBatchAnnotateImagesRequest;
    this.sent.requests += 1;
    this.sent.bytes += AsyncBatchAnnotateImagesRequest.encode(request).finish().length;
    const { requests, outputConfig } = request;
    const uris = requests.map(({ image }) => image?.source?.imageUri ?? "");
    const prefix = outputConfig?.gcsDestination?.uri ?? "";
    const name = `operations/${this.sent.requests}`;
    const createdAt = this.#clock.now();
    const running = { createdAt, doneAt: createdAt + this.#operationMs };
    this.#running.set(name, running);
    this.#output.add(prefix, uris);
    const snapshot = await toSnapshot(this.#message(name, running));
    const origin = originOf(method, request);
    return new OperationHandle(name, this.#runtime, { snapshot, origin, isNew: true });
  }

  #poll(name: string): Promise<object> {
    const running = this.#running.get(name);
    if (running === undefined) throw new Error(`${name} is not running`);
    this.sent.polls += 1;
    const message = this.#message(name, running);
    if (message.done) this.#running.delete(name);
    return Promise.resolve(message);
  }

  #message(name: string, { createdAt, doneAt }: Running): OperationMessage {
    const now = this.#clock.now();
    const done = now >= doneAt;
    const metadata = OperationMetadata.fromPartial({
      state: done ? OperationMetadata_State.DONE : OperationMetadata_State.RUNNING,
      createTime: timestamp(createdAt),
      updateTime: timestamp(Math.min(now, doneAt)),
    });
    const value = OperationMetadata.encode(metadata).finish();
    const response = AsyncBatchAnnotateImagesResponse.encode({ outputConfig: undefined }).finish();
    const typeUrl = `${typePrefix}AsyncBatchAnnotateImagesResponse`;
    return {
      ...{ name, done, metadata: { typeUrl: `${typePrefix}OperationMetadata`, value } },
      ...(done ? { response: { typeUrl, value: response } } : {}),
    };
  }
}

function timestamp(ms: number): { seconds: string; nanos: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: Math.floor((ms - seconds * 1000) * 1e6) };
}
