import type { AuthClient, GoogleAuth, JWTInput } from "google-auth-library";
import { VisionBatchError } from "../errors/index.ts";
import type { Connection, ConnectionOptions } from "./connection.ts";

/** Who calls: credentials that are looked up at first use and never outside a call. */
export interface Authorization {
  /** For google-gax, which asks it for the client and the universe domain. */
  readonly auth: GoogleAuth;
  /** Rejects when no valid token can be had. */
  ready(): Promise<void>;
  /** Whether `ready` has found a token so lately that it need not look again. */
  isReady(): boolean;
  /** Has the next call fetch a new token, where the credentials can: the server refused the one that is cached. */
  renew(): void;
  /** The project of the credentials, where they name one. */
  projectId(): Promise<string | undefined>;
}

/**
 * How long a token that was found is taken to be there still, in milliseconds: google-auth-library
 * renews tokens 5 minutes before they expire, and gRPC asks it again for each call.
 */
const freshMs = 60_000;

/** Loads google-auth-library and builds the authorization that the options ask for. */
export async function createAuthorization(
  options: ConnectionOptions,
  connection: Connection,
  scopes: readonly string[],
): Promise<Authorization> {
  const { GoogleAuth, PassThroughClient } = await import("google-auth-library");
  if (connection.emulated) {
    // A client that adds no header and asks nobody keeps the metadata server out of it.
    const auth = new GoogleAuth({ authClient: new PassThroughClient() });
    return {
      auth: auth as unknown as GoogleAuth,
      ready: () => Promise.resolve(),
      isReady: () => true,
      renew: () => undefined,
      projectId: () => Promise.resolve(options.projectId),
    };
  }
  const auth = new GoogleAuth(authOptions(options, scopes));
  // A service account signs its tokens itself, as with Google's own clients: no token server is asked.
  auth.useJWTAccessWithScope = true;
  auth.defaultServicePath = connection.host;
  const { credentials, keyFilename, quotaProjectId } = options;
  // Set rather than passed: the constructor writes a warning to the console for either option.
  if (credentials !== undefined) auth.jsonContent = credentials;
  const getClient = async (): Promise<AuthClient> => {
    if (keyFilename !== undefined) auth.jsonContent ??= await readKeyFile(keyFilename);
    const client = await auth.getClient();
    // Set here, since a client that is made from a key forgets the option. A given one is the caller's.
    if (quotaProjectId !== undefined && options.authClient === undefined) {
      client.quotaProjectId = quotaProjectId;
    }
    return client;
  };
  let looking: Promise<AuthClient> | undefined;
  let client: AuthClient | undefined;
  let freshUntil = 0;
  return {
    auth,
    ready: async () => {
      // A failed look-up is not kept: the next call looks again.
      looking ??= getClient().catch((error: unknown) => {
        looking = undefined;
        throw error;
      });
      client = await looking;
      await client.getRequestHeaders(`https://${connection.host}/`);
      freshUntil = performance.now() + freshMs;
    },
    isReady: () => performance.now() < freshUntil,
    renew: () => {
      freshUntil = 0;
      const { access_token: token, refresh_token: canRefresh } = client?.credentials ?? {};
      if (token && canRefresh) client?.setCredentials({ ...client.credentials, expiry_date: 1 });
    },
    projectId: async () => {
      if (options.projectId !== undefined) return options.projectId;
      await getClient();
      return auth.getProjectId();
    },
  };
}

function authOptions(
  { projectId, authClient }: ConnectionOptions,
  scopes: readonly string[],
): object {
  return {
    ...(projectId === undefined ? {} : { projectId }),
    ...(authClient === undefined ? {} : { authClient }),
    scopes: [...scopes],
  };
}

async function readKeyFile(path: string): Promise<JWTInput> {
  const { readFile } = await import("node:fs/promises");
  try {
    return JSON.parse(await readFile(path, "utf8")) as JWTInput;
  } catch (cause) {
    throw new VisionBatchError(`the key file ${path} cannot be read as JSON`, { cause });
  }
}
