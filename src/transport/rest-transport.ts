import type { Connection, ConnectionOptions } from "./connection.ts";
import type { RestAttempts } from "./rest-attempts.ts";
import type { Attempt, AttemptOutcome, Transport } from "./transport.ts";

/** REST over HTTP/1.1. Its code, and the JSON codec with it, is loaded with its first call: clients over gRPC need neither. */
export class RestTransport implements Transport {
  /** The same, but that an answer is a `RawResponse`. */
  readonly raw: Transport;
  readonly #load: () => Promise<RestAttempts>;
  #loading: Promise<RestAttempts> | undefined;

  constructor(connection: Connection, options: ConnectionOptions, scopes: readonly string[]) {
    this.#load = async () => {
      const { RestAttempts } = await import("./rest-attempts.ts");
      return new RestAttempts(connection, options, scopes);
    };
    this.raw = {
      attempt: async (attempt) => (await this.#loaded()).raw.attempt(attempt),
      projectId: () => this.projectId(),
      close: () => this.close(),
    };
  }

  async attempt(attempt: Attempt): Promise<AttemptOutcome> {
    return (await this.#loaded()).attempt(attempt);
  }

  async projectId(): Promise<string | undefined> {
    return (await this.#loaded()).projectId();
  }

  /** Loads what was never used as well, since calls that come later are to be refused. */
  async close(): Promise<void> {
    await (await this.#loaded()).close();
  }

  #loaded(): Promise<RestAttempts> {
    return (this.#loading ??= this.#load());
  }
}
