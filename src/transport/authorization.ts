import type { AuthClient, GoogleAuth } from "google-auth-library";
import type { Connection, ConnectionOptions } from "./connection.ts";

/** Who calls: credentials that are looked up at first use and never outside a call. */
export interface Authorization {
  /** For google-gax, which asks it for the client and the universe domain. */
  readonly auth: GoogleAuth;
  /** Rejects when no valid token can be had; cheap while one is cached. */
  ready(): Promise<void>;
  /** The project of the credentials, where they name one. */
  projectId(): Promise<string | undefined>;
}

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
      projectId: () => Promise.resolve(options.projectId),
    };
  }
  const auth = new GoogleAuth(authOptions(options, connection, scopes));
  let client: Promise<AuthClient> | undefined;
  return {
    auth: auth as unknown as GoogleAuth,
    ready: async () => {
      // A failed look-up is not kept: the next call looks again.
      client ??= auth.getClient().catch((error: unknown) => {
        client = undefined;
        throw error;
      });
      await (await client).getRequestHeaders(`https://${connection.host}/`);
    },
    projectId: async () => options.projectId ?? (await auth.getProjectId()),
  };
}

function authOptions(
  options: ConnectionOptions,
  { universeDomain }: Connection,
  scopes: readonly string[],
): object {
  const { projectId, keyFilename, credentials, authClient, quotaProjectId } = options;
  const clientOptions = {
    ...(quotaProjectId === undefined ? {} : { quotaProjectId }),
    ...(universeDomain === "googleapis.com" ? {} : { universeDomain }),
  };
  return {
    ...(projectId === undefined ? {} : { projectId }),
    ...(keyFilename === undefined ? {} : { keyFilename }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(authClient === undefined ? {} : { authClient }),
    scopes: [...scopes],
    clientOptions,
  };
}
