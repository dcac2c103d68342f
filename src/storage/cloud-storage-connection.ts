import { authorize } from "./cloud-storage-auth.ts";
import { HttpStatusError } from "./cloud-storage-errors.ts";
import type { CloudStorageOptions } from "./cloud-storage-options.ts";
import type { HttpAnswer, HttpClient, HttpHeaders } from "./http-client.ts";
import { IdleWatch } from "./idle-watch.ts";
import { Retry } from "./retry.ts";

/** One request to the service. */
export interface CloudRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the endpoint, e.g. `/storage/v1/b/...`, encoded; or a whole URL that the service gave. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** An answer that was read to its end. */
export interface CloudAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
}

/** Whether and how a request is repeated after a transient error. */
export interface RepeatOptions {
  /** Sends it once. Default false. */
  readonly once?: boolean;
  /** Called before each repetition. */
  readonly onRepeat?: () => void;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Bytes a millisecond: what a body may take to be sent comes on top of the wait for its answer. */
const slowestUpload = 16;

const defaultIdleTimeoutMs = 60_000;

/** A connection to the service: its requests, with credentials. */
export class CloudStorageConnection {
  readonly idleTimeoutMs: number;
  readonly #endpoint: string;
  readonly #client: HttpClient;
  readonly #options: CloudStorageOptions;

  constructor(endpoint: string, client: HttpClient, options: CloudStorageOptions) {
    this.idleTimeoutMs = options.idleTimeoutMs ?? defaultIdleTimeoutMs;
    this.#endpoint = endpoint;
    this.#client = client;
    this.#options = options;
  }

  /** Counts and spaces the attempts of one call. */
  newRetry(): Retry {
    return new Retry(this.#options.retry);
  }

  /**
   * Sends a request once; an abort of its signal closes the connection.
   * @throws HttpStatusError for an answer other than success and those that are expected.
   */
  async send(request: CloudRequest, expected: readonly number[] = []): Promise<HttpAnswer> {
    const url = new URL(request.path, this.#endpoint);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const { quotaProjectId } = this.#options;
    const answer = await this.#client.send({
      url: url.href,
      method: request.method,
      headers: {
        ...(quotaProjectId === undefined ? {} : { "x-goog-user-project": quotaProjectId }),
        ...request.headers,
      },
      body: request.body,
      signal: request.signal,
    });
    const { status } = answer;
    if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
    throw await toStatusError(answer);
  }

  /** Sends a request and reads its JSON, again where an error is transient; undefined for 404. */
  async json(request: CloudRequest, options: RepeatOptions = {}): Promise<JsonObject | undefined> {
    const { status, text } = await this.answer(request, options, [404]);
    if (status === 404) return undefined;
    return text === "" ? {} : (JSON.parse(text) as JsonObject);
  }

  /** Sends a request and reads the whole answer, again where an error is transient. */
  async answer(
    request: CloudRequest,
    options: RepeatOptions = {},
    expected: readonly number[] = [],
  ): Promise<CloudAnswer> {
    const retry = this.newRetry();
    for (;;) {
      try {
        return await this.#answerOnce(request, expected);
      } catch (error) {
        request.signal?.throwIfAborted();
        if (options.once === true) throw error;
        await retry.afterFailure(error, request.signal);
        options.onRepeat?.();
      }
    }
  }

  async #answerOnce(request: CloudRequest, expected: readonly number[]): Promise<CloudAnswer> {
    const bytes = request.body?.length ?? 0;
    const watch = new IdleWatch(this.idleTimeoutMs + bytes / slowestUpload, request.signal);
    try {
      watch.start();
      const response = await this.send({ ...request, signal: watch.signal }, expected);
      const { status, headers, body } = response;
      return { status, headers, text: await textOf(body) };
    } catch (error) {
      throw watch.timeout ?? error;
    } finally {
      watch.close();
    }
  }
}

/** Opens a connection as the options and the environment say; nothing is sent yet. */
export async function openCloudStorage(
  options: CloudStorageOptions,
): Promise<CloudStorageConnection> {
  const endpoint = endpointOf(options);
  const client = await authorize(options, endpoint);
  return new CloudStorageConnection(endpoint.url, client, options);
}

function endpointOf({ apiEndpoint, universeDomain }: CloudStorageOptions): {
  readonly url: string;
  readonly isEmulator: boolean;
} {
  const { VISION_EMULATOR_HTTP, STORAGE_EMULATOR_HOST } = process.env;
  const emulator = VISION_EMULATOR_HTTP || STORAGE_EMULATOR_HOST || undefined;
  if (apiEndpoint === undefined && emulator !== undefined) {
    return { url: withScheme("http", emulator), isEmulator: true };
  }
  const host = apiEndpoint ?? `storage.${universeDomain ?? "googleapis.com"}`;
  const url = withScheme("https", host);
  return { url, isEmulator: url.startsWith("http:") };
}

function withScheme(scheme: string, endpoint: string): string {
  return /^https?:\/\//.test(endpoint) ? endpoint : `${scheme}://${endpoint}`;
}

async function toStatusError(response: HttpAnswer): Promise<HttpStatusError> {
  const text = await textOf(response.body).catch(() => "");
  const retryAfterSeconds = Number(response.headers.get("retry-after") ?? "0");
  const retryAfterMs = Number.isFinite(retryAfterSeconds) ? retryAfterSeconds * 1000 : 0;
  return new HttpStatusError(response.status, messageIn(text, response.status), retryAfterMs);
}

function messageIn(text: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof error?.message === "string") return `${error.message} (HTTP ${status})`;
  } catch {
    // Not every answer is JSON, e.g. that of a proxy.
  }
  return `HTTP ${status}: ${text.slice(0, 200)}`;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
