/** A request to the service, as it is sent. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Ends the request, and its answer as long as that lasts. */
  readonly signal?: AbortSignal | undefined;
}

/** The headers of an answer. */
export interface HttpHeaders {
  /** The value of a header, whatever the case of its name; null where there is none. */
  get(name: string): string | null;
}

/** An answer of any status, its body unread and as it was stored. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Leaving it closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends requests, each once. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpAnswer>;
}
