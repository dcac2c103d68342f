import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Where a server listens. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** A pair of sockets between which a process and its database talk. */
interface Line {
  readonly incoming: Socket;
  readonly outgoing: Socket;
}

/** A way to the database, on which connections can be cut, refused, and held up. */
export class DatabaseWay {
  readonly #target: HostAndPort;
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  #refuses = false;
  #stalls = false;

  private constructor(target: HostAndPort) {
    this.#target = target;
    this.#server = createServer((incoming) => {
      this.#open(incoming);
    });
  }

  /** Opens a way to a server. */
  static async open(target: HostAndPort): Promise<DatabaseWay> {
    const way = new DatabaseWay(target);
    way.#server.listen(0, "127.0.0.1");
    await once(way.#server, "listening");
    return way;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection. */
  cut(): void {
    for (const { incoming, outgoing } of this.#lines) {
      incoming.destroy();
      outgoing.destroy();
    }
  }

  /** Ends every connection, and lets no other through. */
  refuse(): void {
    this.#refuses = true;
    this.cut();
  }

  /** Lets nothing pass; connections stay, and new ones are taken. */
  stall(): void {
    this.#stalls = true;
    for (const { incoming, outgoing } of this.#lines) {
      incoming.unpipe(outgoing).pause();
      outgoing.unpipe(incoming).pause();
    }
  }

  /** Lets everything pass again. */
  restore(): void {
    this.#refuses = false;
    if (!this.#stalls) return;
    this.#stalls = false;
    for (const line of this.#lines) join(line);
  }

  /** Ends everything. */
  close(): void {
    this.#server.close();
    this.cut();
  }

  #open(incoming: Socket): void {
    if (this.#refuses) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(this.#target);
    const line = { incoming, outgoing };
    this.#lines.add(line);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      // Small messages would wait for acknowledgements, 40 ms each.
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.#lines.delete(line);
        other.destroy();
      });
    }
    if (!this.#stalls) join(line);
  }
}

function join({ incoming, outgoing }: Line): void {
  incoming.pipe(outgoing).pipe(incoming);
}
