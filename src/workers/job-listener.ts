import type { Client, ClientConfig } from "pg";
import { Sockets } from "../runs/journal/postgres/sockets.ts";
import { pause, wallClock } from "../runs/run-clock.ts";
import { onAbort } from "../transport/abortable.ts";

/** What is listened to, and who is told. */
export interface JobListenerFields {
  /** Makes a client, over sockets of the listener, that is not connected yet. */
  readonly makeClient: (config: ClientConfig) => Client;
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  /** Called whenever it is listened anew: something may have been missed. */
  readonly onReconnect: () => void;
  /** The connection has ended. */
  readonly onLost: (error: Error) => void;
}

interface Connection {
  readonly client: Client;
  readonly sockets: Sockets;
  readonly lost: Promise<Error>;
}

const firstPauseMs = 1000;
const maxPauseMs = 30_000;
/** So long the server is waited for until it lets a connection in, and listen. */
const answerTimeoutMs = 10_000;
/** A server that does not take leave is left. */
const leaveTimeoutMs = 1000;

/**
 * Listens to a channel of the database until it is closed, over one connection after the other. The listener
 * of pg-boss takes its handlers off a connection before the server has ended it: the last words of a
 * server that goes away at that moment would end the process.
 */
export class JobListener {
  readonly #fields: JobListenerFields;
  readonly #closing = new AbortController();
  readonly #listening: Promise<void>;
  #connection: Connection;

  private constructor(fields: JobListenerFields, first: Connection) {
    this.#fields = fields;
    this.#connection = first;
    this.#listening = this.#listen(first);
  }

  /** @throws what the driver throws where the first connection cannot be made. */
  static async start(fields: JobListenerFields): Promise<JobListener> {
    return new JobListener(fields, await connect(fields));
  }

  /** Ends the connection, whether the server answers or not. */
  async close(): Promise<void> {
    this.#closing.abort();
    await end(this.#connection);
    await this.#listening;
  }

  #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #listen(first: Connection): Promise<void> {
    const { onLost } = this.#fields;
    let pauseMs = firstPauseMs;
    for (let connection: Connection | undefined = first; !this.#isClosed();) {
      if (connection !== undefined) {
        this.#connection = connection;
        const error = await connection.lost;
        await end(connection);
        if (this.#isClosed()) return;
        onLost(error);
        pauseMs = firstPauseMs;
      }
      if (!(await pause(wallClock, pauseMs, this.#closing.signal))) return;
      pauseMs = Math.min(maxPauseMs, pauseMs * 2);
      const { signal } = this.#closing;
      connection = await connect(this.#fields, signal).catch(() => undefined);
      if (this.#isClosed() && connection !== undefined) await end(connection);
    }
  }
}

async function connect(
  fields: JobListenerFields,
  ...closing: readonly AbortSignal[]
): Promise<Connection> {
  const { makeClient, channel, onNotification, onReconnect } = fields;
  const sockets = new Sockets();
  const client = makeClient({
    ...{ stream: sockets.make, keepAlive: true },
    ...{ connectionTimeoutMillis: answerTimeoutMs, query_timeout: answerTimeoutMs },
  });
  const { promise: lost, resolve: lose } = Promise.withResolvers<Error>();
  const connection = { client, sockets, lost };
  // They stay for good, for errors come after the end as well.
  client.on("error", lose);
  client.on("end", () => {
    lose(new Error("the connection has ended"));
  });
  client.on("notification", ({ payload }) => {
    if (payload !== undefined) onNotification(payload);
  });
  const unlink = onAbort(closing, () => {
    sockets.destroy();
  });
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    await end(connection);
    throw error;
  } finally {
    unlink();
  }
  onReconnect();
  return connection;
}

async function end({ client, sockets }: Connection): Promise<void> {
  const left = new AbortController();
  const ended = client.end().catch(() => undefined);
  await Promise.race([ended, pause(wallClock, leaveTimeoutMs, left.signal)]);
  left.abort();
  sockets.destroy();
}
