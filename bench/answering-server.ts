import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

const windowBytes = 16 * 1024 * 1024;

/** A gRPC frame (no compression, length, message) with `google.longrunning.Operation { name: "operations/x" }`: field 1, a string. */
const answer = Buffer.concat([
  Buffer.from([0, 0, 0, 0, 14]),
  Buffer.from([0x0a, 12]),
  Buffer.from("operations/x"),
]);

/** How the server is set up. */
export interface AnsweringServerOptions {
  /** The certificate and key of TLS, PEM. Default: no TLS. */
  readonly pair?: { readonly cert: string; readonly key: string } | undefined;
  /** Told of the headers of every call. */
  readonly onCall?: (headers: IncomingHttpHeaders) => void;
}

/**
 * A gRPC server on bare HTTP/2 that answers every method at once with the same running operation,
 * without decoding the request, and whose windows are too wide to wait for, as those of Google's
 * servers are: what is measured against it is the client.
 */
export async function startAnsweringServer({ pair, onCall }: AnsweringServerOptions = {}): Promise<{
  address: string;
  stop: () => void;
}> {
  const sessions = new Set<ServerHttp2Session>();
  const settings = { initialWindowSize: windowBytes };
  const server =
    pair === undefined ? createServer({ settings }) : createSecureServer({ ...pair, settings });
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.setLocalWindowSize(windowBytes);
    session.once("close", () => sessions.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    onCall?.(headers);
    stream.on("end", () => {
      respond(stream);
    });
    stream.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

function respond(stream: ServerHttp2Stream): void {
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0" });
  });
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.end(answer);
}
