import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { RpcError, SubmitError } from "../../src/errors/index.ts";
import { loadJsonCodec } from "../../src/protocol/json-codec.ts";
import {
  loadServices,
  operationsService,
  type MethodEntry,
  type TransportName,
} from "../../src/protocol/method-table.ts";
import {
  createCaller,
  GrpcTransport,
  resolveConnection,
  RestTransport,
  type Call,
  type Caller,
  type Clock,
  type Transport,
} from "../../src/transport/index.ts";
import { parityCases, type Json, type ParityScope } from "../../test/e2e/parity-cases.ts";
import { TestEmulator } from "../../test/fixtures/emulator.ts";
import type { CallPolicy, Cell, Seen } from "./cell.ts";
import type { Fault } from "./faults.ts";

/** Which method is called how under which fault. */
export interface Scene {
  readonly transport: TransportName;
  /** The method's key in the table, e.g. `getOperation`. */
  readonly key: string;
  readonly method: MethodEntry;
  readonly policy: CallPolicy;
  readonly fault: Fault;
}

const callTimeoutMs = 5000;
/** A submit waits for a connection as long as it may take. */
const refusedTimeoutMs = 300;
const hangsAfterMs = 20_000;

/** The turns of the event loop within which a dropped connection is known to be gone at both ends. */
const turnsToSettle = 60;

/** An emulator with what the methods need, and the cells that are played against it. */
export class Stage {
  readonly #running: TestEmulator;
  /** Makes what a cell needs; no fault strikes it. */
  readonly #preparing: Transport;
  #scenes = 0;

  private constructor(running: TestEmulator) {
    this.#running = running;
    this.#preparing = this.#open("rest");
  }

  static async open(): Promise<Stage> {
    const page = { fullTextAnnotation: { text: "page" } };
    const running = await TestEmulator.start({ pages: { "%PDF": [page, page] } });
    await running.put("gs://inputs/a.pdf", "%PDF");
    await running.put("gs://inputs/a.png", "a picture");
    await running.put("gs://csv/all.csv", "gs://inputs/a.png,img,set,shoe,apparel-v2,Shoe,,\n");
    return new Stage(running);
  }

  async close(): Promise<void> {
    await this.#preparing.close();
    await this.#running.close();
  }

  /** Makes the call under its fault, by connections of its own. */
  async play({ key, ...scene }: Scene): Promise<Cell> {
    const { admin } = this.#running.emulator;
    const { method, fault, policy } = scene;
    await admin.reset();
    const json = await parityCases[key]?.request(this.#scope());
    if (json === undefined) throw new Error(`there is no request for ${key}`);
    const before = this.#counts(method);
    const service = method.service.includes(".vision.") ? "vision" : "operations";
    const rule = { service, method: method.name, times: 1, ...fault.rule } as const;
    admin.setFaults(fault.rule === undefined ? [] : [rule]);
    const address = fault.isRefused === true ? await unusedAddress() : undefined;
    const transport = this.#open(scene.transport, address);
    try {
      const caller = createCaller(transport, { clock: hastyClock() });
      const timeoutMs = fault.isRefused === true ? refusedTimeoutMs : callTimeoutMs;
      const call = { method, request: await toMessage(method, json), timeoutMs };
      const seen = await observe(make(caller, policy, call));
      const after = this.#counts(method);
      const sent = after.sent - before.sent;
      return {
        ...scene,
        method: method.name,
        seen,
        sent,
        accepted: after.accepted - before.accepted,
      };
    } finally {
      await transport.close();
      for (let turn = 0; turn < turnsToSettle; turn += 1) await nextTurn();
    }
  }

  #counts({ name, operation }: MethodEntry): { readonly sent: number; readonly accepted: number } {
    const { admin } = this.#running.emulator;
    const submits = admin.submits().filter(({ method }) => method === name);
    const accepted = operation === undefined ? admin.accepted(name) : submits.length;
    return { sent: admin.calls(name), accepted };
  }

  #scope(): ParityScope {
    const project = `faults-${(this.#scenes += 1)}-project`;
    const caller = createCaller(this.#preparing);
    return {
      version: "v1",
      project,
      location: `projects/${project}/locations/us-west1`,
      call: async (key, json) => {
        const method = await methodOfV1(key);
        const request = await toMessage(method, json);
        const response = await caller.submit({ method, request, timeoutMs: callTimeoutMs });
        return (await loadJsonCodec("v1")).toJson(method.responseType, response);
      },
      done: async (name) => {
        await this.#running.done(name);
      },
      hold: () => {
        this.#running.emulator.admin.holdOperations(true);
      },
    };
  }

  #open(transport: TransportName, address?: string): Transport {
    const { grpc, http } = this.#running.emulator;
    const options = { transport, emulator: { grpc: address ?? grpc, rest: address ?? http } };
    const connection = resolveConnection(options, "vision.googleapis.com", {});
    return transport === "grpc"
      ? new GrpcTransport(connection, options, [])
      : new RestTransport(connection, options, []);
  }
}

function make(caller: Caller, policy: CallPolicy, call: Call): Promise<object> {
  if (policy === "submit") return caller.submit(call);
  return policy === "read" ? caller.read(call) : caller.readOnce(call);
}

async function unusedAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `127.0.0.1:${port}`;
}

async function observe(answer: Promise<object>): Promise<Seen> {
  const guard = new AbortController();
  const hangs = delay(hangsAfterMs, { kind: "hangs" } as const, { signal: guard.signal });
  hangs.catch(() => undefined);
  try {
    return await Promise.race([answer.then(() => ({ kind: "ok" }) as const, toSeen), hangs]);
  } finally {
    guard.abort();
  }
}

function toSeen(error: unknown): Seen {
  const name = error instanceof Error ? error.name : typeof error;
  if (!(error instanceof RpcError)) return { kind: "error", name };
  const outcome = error instanceof SubmitError ? { outcome: error.outcome } : {};
  return { kind: "error", name, code: error.code, ...outcome };
}

/** A clock whose pauses take no time and pass all the same. */
function hastyClock(): Clock {
  let slept = 0;
  return {
    now: () => performance.now() + slept,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept += ms;
      await nextTurn();
    },
  };
}

async function toMessage({ requestType }: MethodEntry, json: Json): Promise<object> {
  return (await loadJsonCodec("v1")).fromJson(requestType, json);
}

async function methodOfV1(key: string): Promise<MethodEntry> {
  const { ImageAnnotator, ProductSearch } = await loadServices("v1");
  const services = [ImageAnnotator, ProductSearch, operationsService];
  const method = services.map((service) => service?.methods[key]).find(Boolean);
  if (method === undefined) throw new Error(`v1 has no ${key}`);
  return method;
}
