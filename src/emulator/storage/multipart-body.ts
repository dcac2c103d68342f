import { badRequest } from "./api-error.ts";

/** The two parts of a `multipart/related` upload. */
export interface MultipartUpload {
  /** The resource, JSON. */
  readonly resource: string;
  /** The content type of the second part's own header, where it has one. */
  readonly contentType: string | undefined;
  /** The content; read it to its end. */
  readonly content: AsyncIterable<Uint8Array>;
}

const maxResourceBytes = 4 * 1024 * 1024;

/**
 * Takes a `multipart/related` body apart as it comes, in constant memory.
 * Source: RFC 2387; https://cloud.google.com/storage/docs/uploading-objects-from-memory
 * @throws ApiError 400 for a body that is not of this form.
 */
export async function readMultipart(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<MultipartUpload> {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw badRequest("the multipart body has no boundary");
  const bytes = new DelimitedBytes(body);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first boundary need not follow a line break.
  bytes.unread(Buffer.from("\r\n"));
  await bytes.take(delimiter);
  await bytes.take(Buffer.from("\r\n"));
  await readHeader(bytes);
  const resource = (await bytes.take(delimiter)).toString("utf8");
  await bytes.take(Buffer.from("\r\n"));
  const header = await readHeader(bytes);
  const type = /^content-type:\s*(.+?)\s*$/im.exec(header)?.[1];
  return { resource, contentType: type, content: bytes.stream(delimiter) };
}

/** The header of a part; the empty line at once where the part has none. */
async function readHeader(bytes: DelimitedBytes): Promise<string> {
  bytes.unread(Buffer.from("\r\n"));
  return (await bytes.take(Buffer.from("\r\n\r\n"))).toString("latin1");
}

/** Bytes that are read up to delimiters. */
class DelimitedBytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Puts bytes back before the others. */
  unread(bytes: Buffer): void {
    this.#buffered = Buffer.concat([bytes, this.#buffered]);
  }

  /** The bytes before a delimiter, which is left out. */
  async take(delimiter: Buffer): Promise<Buffer> {
    for (let from = 0; ;) {
      const at = this.#buffered.indexOf(delimiter, from);
      if (at !== -1) return this.#cut(at, delimiter.length);
      if (this.#buffered.length > maxResourceBytes) throw badRequest("a part is too large");
      from = Math.max(0, this.#buffered.length - delimiter.length);
      if (!(await this.#fill())) throw badRequest("the multipart body ends too early");
    }
  }

  /** The bytes before a delimiter, as they come. */
  async *stream(delimiter: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const at = this.#buffered.indexOf(delimiter);
      if (at !== -1) {
        yield this.#cut(at, delimiter.length);
        return;
      }
      // The delimiter may have begun in the last bytes.
      const safe = this.#buffered.length - delimiter.length;
      if (safe > 0) yield this.#cut(safe, 0);
      if (!(await this.#fill())) throw badRequest("the multipart body ends too early");
    }
  }

  #cut(length: number, delimiterLength: number): Buffer {
    const bytes = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length + delimiterLength);
    return bytes;
  }

  async #fill(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#buffered = Buffer.concat([this.#buffered, next.value]);
    return true;
  }
}
