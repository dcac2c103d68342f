import { createRequire } from "node:module";
import type { GrpcClient, GaxCall } from "google-gax";
import { loadStub, type StubConstructor, type UnaryStub } from "../protocol/stubs.ts";
import { abortable } from "./abortable.ts";
import { createAuthorization, type Authorization } from "./authorization.ts";
import type { Connection, ConnectionOptions } from "./connection.ts";
import { messageOf, notSent, PreparationError, statusOf } from "./grpc-failure.ts";
import type { Attempt, AttemptOutcome, Transport } from "./transport.ts";

type Gax = typeof import("google-gax");

interface Session {
  readonly gax: Gax;
  readonly client: GrpcClient;
  readonly authorization: Authorization;
}

/** What google-gax returns for a unary call. */
type OngoingCall = Promise<readonly [object]> & { cancel(): void };

/** Every automatic retry is off: with them one call can reach a server several times. */
const channelOptions = {
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
} as const;

/** gRPC by google-gax over the generated stubs; nothing heavy is loaded before the first attempt. */
export class GrpcTransport implements Transport {
  readonly #connection: Connection;
  readonly #options: ConnectionOptions;
  readonly #scopes: readonly string[];
  readonly #stubs = new Map<string, Promise<UnaryStub>>();
  readonly #calls = new Map<string, Promise<GaxCall>>();
  #session: Promise<Session> | undefined;
  #closed = false;

  constructor(connection: Connection, options: ConnectionOptions, scopes: readonly string[]) {
    this.#connection = connection;
    this.#options = options;
    this.#scopes = scopes;
  }

  async attempt(attempt: Attempt): Promise<AttemptOutcome> {
    const deadline = Date.now() + attempt.timeoutMs;
    let call: GaxCall;
    try {
      call = await abortable(this.#prepare(attempt, deadline), attempt.signal);
    } catch (cause) {
      return notSent(cause, attempt.signal);
    }
    return this.#send(call, attempt, deadline);
  }

  async projectId(): Promise<string | undefined> {
    return (await this.#open()).authorization.projectId();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stubs = await Promise.allSettled(this.#stubs.values());
    for (const stub of stubs) if (stub.status === "fulfilled") stub.value.close();
    this.#stubs.clear();
    this.#calls.clear();
  }

  /** Everything that must be there before a request can leave: stub, token and, where asked, a ready channel. */
  async #prepare(attempt: Attempt, deadline: number): Promise<GaxCall> {
    if (this.#closed) throw new PreparationError("FAILED_PRECONDITION", "the client is closed");
    const { authorization } = await this.#open();
    await authorization.ready().catch((cause: unknown) => {
      throw new PreparationError("UNAUTHENTICATED", `no credentials: ${messageOf(cause)}`, {
        cause,
      });
    });
    const stub = await this.#stub(attempt.method.service);
    if (attempt.whenReady) await becomeReady(stub, deadline, this.#connection);
    return this.#call(attempt, stub);
  }

  async #send(call: GaxCall, attempt: Attempt, deadline: number): Promise<AttemptOutcome> {
    const { signal } = attempt;
    const timeout = Math.max(1, deadline - Date.now());
    const options = { timeout, otherArgs: { headers: await this.#headers(attempt) } };
    const ongoing = call(attempt.request, options) as unknown as OngoingCall;
    const onAbort = (): void => {
      ongoing.cancel();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    try {
      const [response] = await ongoing;
      return { ok: true, response };
    } catch (error) {
      const cause: unknown = signal?.aborted === true ? signal.reason : error;
      return { ok: false, status: await statusOf(error), mayHaveBeenSent: true, cause };
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #open(): Promise<Session> {
    this.#session ??= this.#load();
    return this.#session;
  }

  async #load(): Promise<Session> {
    const [gax, authorization] = await Promise.all([
      import("google-gax"),
      createAuthorization(this.#options, this.#connection, this.#scopes),
    ]);
    return { gax, authorization, client: new gax.GrpcClient({ auth: authorization.auth }) };
  }

  #stub(service: string): Promise<UnaryStub> {
    const known = this.#stubs.get(service);
    if (known !== undefined) return known;
    const created = this.#createStub(service);
    this.#stubs.set(service, created);
    created.catch(() => this.#stubs.delete(service));
    return created;
  }

  async #createStub(service: string): Promise<UnaryStub> {
    const [{ gax, client }, Stub] = await Promise.all([this.#open(), loadStub(service)]);
    const { host, port, customHost, emulated, universeDomain } = this.#connection;
    const options = {
      servicePath: host,
      port,
      universeDomain,
      ...channelOptions,
      ...(emulated ? { sslCreds: gax.grpc.credentials.createInsecure() } : {}),
    };
    type Create = (Ctor: StubConstructor, options: object, custom: boolean) => Promise<unknown>;
    const create = client.createStub.bind(client) as unknown as Create;
    return (await create(Stub, options, customHost)) as UnaryStub;
  }

  #call({ method }: Attempt, stub: UnaryStub): Promise<GaxCall> {
    const key = method.path ?? "";
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    const created = this.#createCall(method, stub);
    this.#calls.set(key, created);
    return created;
  }

  async #createCall(method: Attempt["method"], stub: UnaryStub): Promise<GaxCall> {
    const { gax, client } = await this.#open();
    const name = method.name.charAt(0).toLowerCase() + method.name.slice(1);
    const base = { "x-goog-api-client": apiClientHeader(gax, client) };
    const settings = new gax.CallSettings({
      apiName: method.service,
      // The policy stands in the caller, the same for every transport.
      retry: null,
      otherArgs: { metadataBuilder: client.metadataBuilder(base) },
    });
    return gax.createApiCall(((...args: never[]) => stub[name]?.(...args)) as never, settings);
  }

  async #headers({ routing, headers }: Attempt): Promise<Record<string, string>> {
    const { gax } = await this.#open();
    const params = gax.routingHeader.fromParams({ ...routing });
    const quotaProject = this.#options.authClient && this.#options.quotaProjectId;
    return {
      ...(params === "" ? {} : { "x-goog-request-params": params }),
      ...(quotaProject ? { "x-goog-user-project": quotaProject } : {}),
      ...headers,
    };
  }
}

async function becomeReady(
  stub: UnaryStub,
  deadline: number,
  connection: Connection,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stub.waitForReady(deadline, (error) => {
      if (error === undefined || error === null) resolve();
      else {
        const message = `no connection to ${connection.host}:${connection.port}: ${error.message}`;
        reject(new PreparationError("UNAVAILABLE", message, { cause: error }));
      }
    });
  });
}

function apiClientHeader(gax: Gax, client: GrpcClient): string {
  const require = createRequire(import.meta.url);
  const { version } = require("vision-batch/package.json") as { version: string };
  const node = process.versions.node;
  return `gl-node/${node} gccl/${version} gax/${gax.version} grpc/${client.grpcVersion}`;
}
