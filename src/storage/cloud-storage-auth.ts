import { readFile } from "node:fs/promises";
import type { GoogleAuth, JWTInput } from "google-auth-library";

import { StorageError } from "../errors/index.ts";
import type { CloudStorageOptions } from "./cloud-storage-options.ts";

/** Sends a request with credentials. */
export interface AuthorizedClient {
  request(options: Readonly<Record<string, unknown>>): Promise<{
    readonly status: number;
    readonly headers: Headers;
    readonly data: unknown;
  }>;
}

// Source: https://cloud.google.com/storage/docs/oauth-scopes
const scope = "https://www.googleapis.com/auth/devstorage.read_write";

/** Who calls; no credentials where the endpoint is an emulator's, else they are looked up at first use. */
export async function authorize(
  options: CloudStorageOptions,
  { isEmulator }: { readonly isEmulator: boolean },
): Promise<AuthorizedClient> {
  const { GoogleAuth, PassThroughClient } = await import("google-auth-library");
  if (isEmulator) return asAuthorized(new PassThroughClient());
  const { authClient } = options;
  if (authClient !== undefined && !("getClient" in authClient)) return asAuthorized(authClient);
  const auth = authClient ?? new GoogleAuth(authOptions(options));
  if (authClient === undefined) await setKey(auth, options);
  return asAuthorized(auth);
}

function authOptions(options: CloudStorageOptions): object {
  const { projectId, quotaProjectId, universeDomain } = options;
  return {
    scopes: [scope],
    ...(projectId === undefined ? {} : { projectId }),
    clientOptions: {
      ...(quotaProjectId === undefined ? {} : { quotaProjectId }),
      ...(universeDomain === undefined ? {} : { universeDomain }),
    },
  };
}

/** Sets a key that is given; passed to the constructor it would have a warning written to the console. */
async function setKey(
  auth: GoogleAuth,
  { credentials, keyFilename }: CloudStorageOptions,
): Promise<void> {
  if (credentials !== undefined) auth.jsonContent = credentials;
  else if (keyFilename !== undefined) auth.jsonContent = await readKeyFile(keyFilename);
}

async function readKeyFile(file: string): Promise<JWTInput> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as JWTInput;
  } catch (cause) {
    const message = `the key file ${file} cannot be read as JSON`;
    throw new StorageError(message, { reason: "permissionDenied", uri: "gs://" }, { cause });
  }
}

/** The clients' own types tie the shape of an answer to that of the request; here it is checked where it is used. */
function asAuthorized(client: { request: (options: never) => Promise<unknown> }): AuthorizedClient {
  return client as unknown as AuthorizedClient;
}
