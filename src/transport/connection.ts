import type { AuthClient, JWTInput } from "google-auth-library";
import { VisionBatchError } from "../errors/index.ts";

/** Where the service is and who calls it. */
export interface ConnectionOptions {
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
  /** A location: its regional host is called where it has one (`us`, `eu`), and `parent` names it where a request of v1 has none. */
  readonly location?: "us" | "eu" | "asia" | undefined;
  /** Default: `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, else `googleapis.com`. */
  readonly universeDomain?: string | undefined;
  /**
   * The emulator to talk to, without TLS and without credentials. Default: `VISION_EMULATOR_HOST`
   * where it is set; `false` never.
   */
  readonly emulator?: { readonly grpc: string } | false | undefined;
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
 * @throws VisionBatchError for an endpoint that is not `host` or `host:port`.
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
  options: ConnectionOptions,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (options.emulator === false) return undefined;
  if (options.emulator !== undefined) return options.emulator.grpc;
  if (options.endpoint !== undefined) return undefined;
  return environment["VISION_EMULATOR_HOST"] || undefined;
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
