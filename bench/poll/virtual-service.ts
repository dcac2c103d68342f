import { RpcError, type Code } from "../../src/errors/index.ts";
import {
  createOperationRuntime,
  OperationHandle,
  toSnapshot,
  type OperationMessage,
} from "../../src/operations/index.ts";
import { OperationMetadata, OperationMetadata_State } from "../../src/protocol/v1.ts";
import { silentLogger, type Call, type Caller } from "../../src/transport/index.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What the service saw of one operation, and when its client knew of the end. */
export interface Followed {
  /** Calls about the operation, those that the server does not offer included. */
  readonly polls: number;
  /** From the end to the client's knowing of it, in milliseconds. */
  readonly lagMs: number;
}

interface Running {
  readonly createdAt: number;
  readonly doneAt: number;
  polls: number;
}

/** The parts of a service and its client that a simulation may set. */
export interface VirtualServiceOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** Whether the service offers WaitOperation. */
  readonly waits: boolean;
}

const typePrefix = "type.googleapis.com/google.cloud.vision.v1.";
const origin = { kind: "asyncBatchAnnotateImages", size: 2000, outputs: [] };

/** A service in virtual time that answers at once, and one client of it: the poller that every client runs. */
export class VirtualService {
  readonly #clock: VirtualClock;
  readonly #waits: boolean;
  readonly #running = new Map<string, Running>();
  readonly #runtime;
  #count = 0;

  constructor({ clock, random, waits }: VirtualServiceOptions) {
    this.#clock = clock;
    this.#waits = waits;
    const caller: Caller = {
      ready: () => Promise.resolve(),
      submit: () => Promise.reject(new Error("nothing is submitted here")),
      read: () => Promise.reject(new Error("nothing is read twice here")),
      readOnce: (call) => this.#answer(call),
    };
    this.#runtime = createOperationRuntime({
      ...{ caller, clock, random, logger: silentLogger, host: "virtual", emulated: false },
      closed: new AbortController().signal,
    });
  }

  /** Starts an operation that takes so long, and follows it to its end. */
  async follow(durationMs: number): Promise<Followed> {
    this.#count += 1;
    const name = `operations/${this.#count}`;
    const createdAt = this.#clock.now();
    const running: Running = { createdAt, doneAt: createdAt + durationMs, polls: 0 };
    this.#running.set(name, running);
    const snapshot = await toSnapshot<unknown, unknown>(this.#message(name, running));
    const handle = new OperationHandle(name, this.#runtime, { snapshot, origin, isNew: true });
    await handle.wait();
    this.#running.delete(name);
    return { polls: running.polls, lagMs: this.#clock.now() - running.doneAt };
  }

  async #answer({ method, request, signal }: Call): Promise<object> {
    const { name, timeout } = request as { name: string; timeout?: { seconds: string } };
    const running = this.#running.get(name);
    if (running === undefined) throw refusal("NOT_FOUND", method.name);
    running.polls += 1;
    if (method.name === "WaitOperation") {
      if (!this.#waits) throw refusal("UNIMPLEMENTED", method.name);
      const left = running.doneAt - this.#clock.now();
      const limit = Number(timeout?.seconds) * 1000;
      if (left > 0) await this.#clock.sleep(Math.min(left, limit), signal);
    }
    return this.#message(name, running);
  }

  #message(name: string, { createdAt, doneAt }: Running): OperationMessage {
    const now = this.#clock.now();
    const done = now >= doneAt;
    const state = done ? OperationMetadata_State.DONE : OperationMetadata_State.RUNNING;
    const metadata = OperationMetadata.fromPartial({
      state,
      createTime: timestamp(createdAt),
      updateTime: timestamp(Math.min(now, doneAt)),
    });
    const value = OperationMetadata.encode(metadata).finish();
    const typeUrl = `${typePrefix}AsyncBatchAnnotateImagesResponse`;
    return {
      name,
      done,
      metadata: { typeUrl: `${typePrefix}OperationMetadata`, value },
      ...(done ? { response: { typeUrl, value: new Uint8Array() } } : {}),
    };
  }
}

function timestamp(ms: number): { seconds: string; nanos: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: Math.floor((ms - seconds * 1000) * 1e6) };
}

function refusal(code: Code, method: string): RpcError {
  const fields = { code, message: "virtual", details: [], method };
  return new RpcError(`${method} failed with ${code}`, fields);
}
