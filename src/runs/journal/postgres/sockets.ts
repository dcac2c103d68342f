import { Socket } from "node:net";

/**
 * The sockets of a driver that forgets those that it could not log in with, which then would keep the
 * process until the server gives them up.
 */
export class Sockets {
  readonly #open = new Set<Socket>();

  /** Makes a socket; for the driver's option `stream`. */
  readonly make = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    return socket;
  };

  /** Ends those that are left. */
  destroy(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
