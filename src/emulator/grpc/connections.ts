import { createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";

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
