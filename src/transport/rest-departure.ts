import type { Agent, ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { notWanted } from "./grpc-failure.ts";

/** The part of an agent that node:http calls and its types leave out. */
interface RequestTaker {
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void;
}

/** How a request leaves. */
export interface DepartureOptions {
  /** Whether what sends the request may take no agent, so that nothing of its way is seen. */
  readonly isBlind: boolean;
  /** Asked when its connection can carry it, before the first byte. Default: it may. */
  readonly mayLeave?: (() => boolean) | undefined;
}

/**
 * Watches whether the request of one attempt left this process: no byte of it does before its socket
 * is connected and, with TLS, the server's certificate is accepted.
 */
export class Departure {
  readonly #isBlind: boolean;
  readonly #mayLeave: () => boolean;
  #isConnected = false;
  #isUnwanted = false;
  #refusal: number | undefined;

  constructor({ isBlind, mayLeave = () => true }: DepartureOptions) {
    this.#isBlind = isBlind;
    this.#mayLeave = mayLeave;
  }

  /** False only where it is certain that the server got nothing. */
  get mayHaveLeft(): boolean {
    return this.#isBlind || (this.#isConnected && this.#refusal === undefined);
  }

  /** Whether the request was kept from leaving when it could. */
  get isUnwanted(): boolean {
    return this.#isUnwanted;
  }

  /** The HTTP status with which a proxy refused to connect to the server. */
  get proxyRefusal(): number | undefined {
    return this.#refusal;
  }

  /** The agent itself, but for the watching of the one request that is given to it. */
  through(agent: Agent): Agent {
    const target = agent as Agent & RequestTaker;
    const addRequest: RequestTaker["addRequest"] = (request, ...rest) => {
      this.#follow(request);
      target.addRequest(request, ...rest);
    };
    return Object.create(agent, { addRequest: { value: addRequest } }) as Agent;
  }

  #follow(request: ClientRequest): void {
    request.once("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode !== 200) this.#refusal = statusCode;
    });
    const leave = (): void => {
      this.#isUnwanted = !this.#mayLeave();
      if (this.#isUnwanted) request.destroy(notWanted());
      else this.#isConnected = true;
    };
    // Before what node:http writes as soon as it has the socket, or waits with until that is connected.
    request.prependOnceListener("socket", (socket) => {
      const event = connectEvent(socket);
      if (event === undefined) leave();
      else socket.prependOnceListener(event, leave);
    });
  }
}

/** What a socket tells when it can carry a request; undefined where it can already. */
function connectEvent(socket: Socket): "connect" | "secureConnect" | undefined {
  if (!("encrypted" in socket)) return socket.connecting ? "connect" : undefined;
  const protocol = (socket as TLSSocket).getProtocol();
  // `unknown` until the handshake is over.
  const isOpen = !socket.connecting && protocol !== null && protocol !== "unknown";
  return isOpen ? undefined : "secureConnect";
}
