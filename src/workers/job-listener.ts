import type { Client } from "pg";
import { pause, wallClock } from "../runs/run-clock.ts";

/** What is listened to, and who is told. */
export interface JobListenerFields {
  /** Makes a client that is not connected yet. */
  readonly makeClient: () => Client;
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  /** Called whenever it is listened anew: something may have been missed. */
  readonly onReconnect: () => void;
  /** The connection has ended. */
  readonly onLost: (error: Error) => void;
}

interface Connection {
  readonly client: Client;
  readonly lost: Promise<Error>;
}

const firstPauseMs = 1000;
const maxPauseMs = 30_000;

/**
 * Listens to a channel of the database until it is closed, over one connection after the other. The listener
 * of pg-boss takes its handlers off a connection before the server has ended it: the last words of a
 * server that goes away at that moment would end the process.
 */
export class JobListener {
  readonly #fields: JobListenerFields;
  readonly #closing = new AbortController();
  readonly #listening: Promise<void>;
  #client: Client;

  private constructor(fields: JobListenerFields, first: Connection) {
    this.#fields = fields;
    this.#client = first.client;
    this.#listening = this.#listen(first);
  }

  /** @throws what the driver throws where the first connection cannot be made. */
  static async start(fields: JobListenerFields): Promise<JobListener> {
    return new JobListener(fields, await connect(fields));
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#closing.abort();
    await end(this.#client);
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
        this.#client = connection.client;
        const error = await connection.lost;
        await end(connection.client);
        if (this.#isClosed()) return;
        onLost(error);
        pauseMs = firstPauseMs;
      }
      if (!(await pause(wallClock, pauseMs, this.#closing.signal))) return;
      pauseMs = Math.min(maxPauseMs, pauseMs * 2);
      connection = await connect(this.#fields).catch(() => undefined);
      if (this.#isClosed() && connection !== undefined) await end(connection.client);
    }
  }
}

async function connect(fields: JobListenerFields): Promise<Connection> {
  const { makeClient, channel, onNotification, onReconnect } = fields;
  const client = makeClient();
  const { promise: lost, resolve: lose } = Promise.withResolvers<Error>();
  // They stay for good, for errors come after the end as well.
  client.on("error", lose);
  client.on("end", () => {
    lose(new Error("the connection has ended"));
  });
  client.on("notification", ({ payload }) => {
    if (payload !== undefined) onNotification(payload);
  });
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    await end(client);
    throw error;
  }
  onReconnect();
  return { client, lost };
}

async function end(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
