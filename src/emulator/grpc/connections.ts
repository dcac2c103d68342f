import { setImmediate as nextTurn } from "node:timers/promises";
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";

/** Turns of the event loop; an answer takes less from one of its parts to the next. */
const quietEnough = 10;

/** Accepts TCP connections for a gRPC server and can end the one that a call came by. */
export class Connections {
  readonly #server: NetServer;
  readonly #byPeer = new Map<string, Socket>();

  /** `inject` hands a connection to the gRPC server. */
  constructor(inject: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      const peer = peerOf(socket);
      this.#byPeer.set(peer, socket);
      socket.once("close", () => this.#byPeer.delete(peer));
      socket.setNoDelay(true);
      inject(socket);
    });
  }

  /** Listens and answers the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends the connection of a peer as a crash would: with a reset, without a word of HTTP/2. */
  drop(peer: string): void {
    this.#byPeer.get(peer)?.resetAndDestroy();
  }

  /** Ends the connection of a peer when all that was to be written has been: when nothing is for some turns. */
  async dropWhenQuiet(peer: string): Promise<void> {
    const socket = this.#byPeer.get(peer);
    if (socket === undefined) return;
    let written = -1;
    for (let quietTurns = 0; quietTurns < quietEnough; quietTurns += 1) {
      if (socket.bytesWritten !== written || socket.writableLength > 0) quietTurns = 0;
      written = socket.bytesWritten;
      await nextTurn();
    }
    socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#byPeer.values()) socket.destroy();
    await closed;
  }
}

/** In the form of grpc-js `call.getPeer()`. */
function peerOf({ remoteAddress = "", remotePort = 0 }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
