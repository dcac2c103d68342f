import type { AnnotateImageResponseJson } from "./response-json.ts";

/** What a recorded response is looked up by. */
export interface RecordingKey {
  /** The SHA-256 of the content in lower-case hex; called only where the folder has recordings by content. */
  readonly sha256: () => string;
  readonly uri?: string | undefined;
  /** 1-based; absent for an image. */
  readonly pageNumber?: number | undefined;
}

/** A recording for the URIs that match, and for one page where it names one. */
export interface UriRecording {
  readonly matches: (uri: string) => boolean;
  readonly page?: number;
  readonly response: AnnotateImageResponseJson;
}

/** Recorded responses: by content first, then the first URI pattern of `index.json` that matches. */
export class RecordedResponses {
  readonly directory: string;
  readonly #byContent: ReadonlyMap<string, AnnotateImageResponseJson>;
  readonly #byUri: readonly UriRecording[];

  constructor(
    directory: string,
    byContent: ReadonlyMap<string, AnnotateImageResponseJson>,
    byUri: readonly UriRecording[],
  ) {
    this.directory = directory;
    this.#byContent = byContent;
    this.#byUri = byUri;
  }

  /** The recording of an image or a page; a page without one of its own has its file's. */
  find(key: RecordingKey): AnnotateImageResponseJson | undefined {
    const byContent = this.#byContent.size === 0 ? undefined : this.#findByContent(key);
    return byContent ?? this.#findByUri(key.uri ?? "", key.pageNumber);
  }

  /** The recording of an image whose content need not be read: undefined where one by content might go before it. */
  findByUri(uri: string): AnnotateImageResponseJson | undefined {
    return this.#byContent.size === 0 ? this.#findByUri(uri, undefined) : undefined;
  }

  /** The highest page that is recorded for a file by its content. */
  lastPage(sha256: () => string): number | undefined {
    if (this.#byContent.size === 0) return undefined;
    const prefix = `${sha256()}-page-`;
    const pages = [...this.#byContent.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => Number(key.slice(prefix.length)));
    return pages.length === 0 ? undefined : Math.max(...pages);
  }

  #findByContent({ sha256, pageNumber }: RecordingKey): AnnotateImageResponseJson | undefined {
    const name = sha256();
    const page =
      pageNumber === undefined ? undefined : this.#byContent.get(`${name}-page-${pageNumber}`);
    return page ?? this.#byContent.get(name);
  }

  #findByUri(uri: string, pageNumber: number | undefined): AnnotateImageResponseJson | undefined {
    const found = this.#byUri.find(
      ({ matches, page }) => (page === undefined || page === pageNumber) && matches(uri),
    );
    return found?.response;
  }
}
