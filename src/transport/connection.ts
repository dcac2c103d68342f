import type { AuthClient, JWTInput } from "google-auth-library";
import { VisionBatchError } from "../errors/index.ts";
import type { TransportName } from "../protocol/method-table.ts";

/** Where the service is, how it is called and who calls it. */
export interface ConnectionOptions {
  /** gRPC over HTTP/2, or REST over HTTP/1.1, which passes proxies (`HTTPS_PROXY`) and loads no gRPC. Default `grpc`. */
  readonly transport?: TransportName | undefined;
  /** The project for `parent` where a location is given. Default: that of the credentials. */
  readonly projectId?: string | undefined;
  /** A key file; `credentials` and `authClient` go before it. Default: Application Default Credentials. */
  readonly keyFilename?: string | undefined;
  /** Credentials as they stand in a key file. */
  readonly credentials?: JWTInput | undefined;
  /** An auth client that is ready for use; it goes before `credentials`. */
  readonly authClient?: AuthClient | undefined;
  /** The project that quota and billing count against (`x-goog-user-project`). Default: that of the credentials; that of an `authClient` goes before it. */
  readonly quotaProjectId?: string | undefined;
  /** `host` or `host:port` in place of the service's own. */
  readonly endpoint?: string | undefined;
  /** A location: its regional host is called where it has one (`us`, `eu`), and `parent` names it where a request has none. */
  readonly location?: string | undefined;
  /** Default: `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, else `googleapis.com`. */
  readonly universeDomain?: string | undefined;
  /**
   * The emulator to talk to, without TLS, credentials and proxies: `host:port` for the transport in
   * use. Default: `VISION_EMULATOR_HOST` for gRPC, `VISION_EMULATOR_REST_HOST` or
   * `VISION_EMULATOR_HTTP` for REST, where it is set; `false` never.
   */
  readonly emulator?: EmulatorAddresses | false | undefined;
}

/** Where an emulator listens, as `host:port`; for REST a leading `http://` is allowed. */
export interface EmulatorAddresses {
  /** `host:port` of gRPC. */
  readonly grpc?: string | undefined;
  /** `host:port` of REST. */
  readonly rest?: string | undefined;
}

/** Connection options with every default applied. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  /** Given by the user, so that no mTLS host is derived from it. */
  readonly customHost: boolean;
  readonly emulated: boolean;
  readonly universeDomain: string;
}

/**
 * Applies the defaults.
 * @throws VisionBatchError for an endpoint that is not `host` or `host:port`, and where an emulator is
 * named for the other transport only: Google would be called in its place, and would bill.
 */
export function resolveConnection(
  options: ConnectionOptions,
  defaultHost: string,
  environment: NodeJS.ProcessEnv = process.env,
): Connection {
  const universeDomain =
    options.universeDomain ?? (environment["GOOGLE_CLOUD_UNIVERSE_DOMAIN"] || "googleapis.com");
  const emulator = emulatorAddress(options, environment);
  const address = emulator ?? options.endpoint;
  if (address !== undefined) {
    const emulated = emulator !== undefined;
    return { ...parseAddress(address, emulated), customHost: true, emulated, universeDomain };
  }
  const region =
    options.location === "us" || options.location === "eu" ? `${options.location}-` : "";
  const host = region + defaultHost.replace(/googleapis\.com$/, universeDomain);
  return { host, port: 443, customHost: false, emulated: false, universeDomain };
}

function emulatorAddress(
  { transport = "grpc", emulator, endpoint }: ConnectionOptions,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (emulator === false || (emulator === undefined && endpoint !== undefined)) return undefined;
  const named = emulator ?? emulatorOf(transport, environment);
  const address = named[transport]?.replace(/^http:\/\/([^/]*)\/?$/, "$1");
  if (address !== undefined) return address;
  const other = transport === "grpc" ? named.rest : named.grpc;
  if (emulator === undefined && other === undefined) return undefined;
  const source = emulator === undefined ? "the environment" : "the option emulator";
  throw new VisionBatchError(
    `${source} names no emulator for the transport ${transport}: give { ${transport}: "host:port" }, or false to call the service`,
  );
}

function emulatorOf(transport: TransportName, environment: NodeJS.ProcessEnv): EmulatorAddresses {
  const { VISION_EMULATOR_HOST, VISION_EMULATOR_REST_HOST, VISION_EMULATOR_HTTP } = environment;
  // Storage reads VISION_EMULATOR_HTTP too, so that it tells a client over gRPC nothing.
  const http = transport === "rest" ? VISION_EMULATOR_HTTP : undefined;
  return {
    grpc: VISION_EMULATOR_HOST || undefined,
    rest: VISION_EMULATOR_REST_HOST || http || undefined,
  };
}

function parseAddress(address: string, needsPort: boolean): { host: string; port: number } {
  const match = /^(?<host>\[[\da-f:.]+\]|[^\s:/]+)(?::(?<port>\d{1,5}))?$/i.exec(address);
  const { host, port } = match?.groups ?? {};
  const number = port === undefined ? 443 : Number(port);
  if (host === undefined || number > 65_535 || (needsPort && port === undefined)) {
    const expected = needsPort ? "host:port" : "host or host:port";
    throw new VisionBatchError(`the endpoint "${address}" is not of the form ${expected}`);
  }
  return { host, port: number };
}
