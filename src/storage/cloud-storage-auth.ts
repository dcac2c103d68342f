import type { AuthClient, GoogleAuth, JWTInput } from "google-auth-library";

import { StorageError } from "../errors/index.ts";
import type { CloudStorageOptions } from "./cloud-storage-options.ts";
import { directClient } from "./direct-client.ts";
import type { HttpAnswer, HttpClient, HttpHeaders } from "./http-client.ts";

// Source: https://cloud.google.com/storage/docs/oauth-scopes
const scope = "https://www.googleapis.com/auth/devstorage.read_write";

/** Who calls; no credentials where the endpoint is an emulator's, else they are looked up at first use. */
export async function authorize(
  options: CloudStorageOptions,
  { isEmulator }: { readonly isEmulator: boolean },
): Promise<HttpClient> {
  if (isEmulator) return directClient;
  const { authClient } = options;
  if (authClient !== undefined) return withCredentialsOf(authClient);
  const { GoogleAuth } = await import("google-auth-library");
  const auth = new GoogleAuth(authOptions(options));
  await setKey(auth, options);
  return withCredentialsOf(auth);
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
  const { readFile } = await import("node:fs/promises");
  try {
    return JSON.parse(await readFile(file, "utf8")) as JWTInput;
  } catch (cause) {
    const message = `the key file ${file} cannot be read as JSON`;
    throw new StorageError(message, { reason: "permissionDenied", uri: "gs://" }, { cause });
  }
}

/** The clients' own types tie the shape of an answer to that of the request. */
interface AuthorizedClient {
  request(options: Readonly<Record<string, unknown>>): Promise<{
    readonly status: number;
    readonly headers: HttpHeaders;
    readonly data: unknown;
  }>;
}

function withCredentialsOf(auth: AuthClient | GoogleAuth): HttpClient {
  const client = auth as unknown as AuthorizedClient;
  return {
    send: async ({ url, method, headers, body, signal }): Promise<HttpAnswer> => {
      const answer = await client.request({
        ...{ url, method, headers },
        ...(body === undefined ? {} : { data: body }),
        ...(signal === undefined ? {} : { signal }),
        responseType: "stream",
        // Stored bytes are wanted as they are stored.
        compress: false,
        retry: false,
        validateStatus: () => true,
      });
      const { status, data } = answer;
      return { status, headers: answer.headers, body: isBody(data) ? data : nothing() };
    },
  };
}

function isBody(data: unknown): data is AsyncIterable<Uint8Array> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // An answer without a body.
}
