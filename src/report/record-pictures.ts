import { MissingPackageError, StorageError } from "../errors/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import { nameOf, type NamedRecord } from "./named-record.ts";
import { PictureMaker, type Pictures, type PictureSizes } from "./pictures.ts";

/** Options of {@link RecordPictures.open}. */
export interface RecordPicturesOptions extends Partial<PictureSizes> {
  /** Where the images lie that records name by their URIs. Default: nowhere. */
  readonly store?: ObjectStore | undefined;
  /** Reads the image or document of a record; where it gives none, the store is asked. */
  readonly read?: ((record: NamedRecord) => Promise<Uint8Array | undefined>) | undefined;
}

/** After so many failures in a row nothing more is read: whatever is wrong is wrong for all. */
const mostFailures = 3;

/** Makes the pictures of records from where their images are; to be disposed of after the last. */
export class RecordPictures implements AsyncDisposable {
  readonly #maker: PictureMaker;
  readonly #options: RecordPicturesOptions;
  #failures = 0;
  #problem: string | undefined;
  /** Whether no PDF can be drawn, so that none need be read. */
  #lacksPdf = false;
  /** Pages of a document come together, so that one in memory is enough. */
  #last: { readonly name: string; readonly content: Promise<Uint8Array | undefined> } | undefined;

  private constructor(maker: PictureMaker, options: RecordPicturesOptions) {
    this.#maker = maker;
    this.#options = options;
  }

  /**
   * Opens what makes the pictures, by default of 320 and of 1280 pixels.
   * @throws MissingPackageError without sharp.
   */
  static async open(options: RecordPicturesOptions): Promise<RecordPictures> {
    const { thumbnailPixels = 320, previewPixels = 1280 } = options;
    return new RecordPictures(await PictureMaker.open({ thumbnailPixels, previewPixels }), options);
  }

  /** Why pictures are lacking; undefined where all could be read that are there. */
  get problem(): string | undefined {
    const rest = this.#failures >= mostFailures ? "; no further image was read" : "";
    return this.#problem === undefined ? undefined : `${this.#problem}${rest}`;
  }

  /** The pictures of a record; undefined where its image is not at hand or no picture can be made of it. */
  async of(record: NamedRecord): Promise<Pictures | undefined> {
    const { uri, page } = record;
    if (this.#failures >= mostFailures) return undefined;
    if (this.#lacksPdf && /\.pdf$/i.test(uri)) return undefined;
    const name = `${nameOf(record) ?? ""}\n${uri}`;
    if (this.#last?.name !== name) this.#last = { name, content: this.#read(record) };
    const content = await this.#last.content;
    try {
      return content && (await this.#maker.make(content, page));
    } catch (error) {
      if (error instanceof MissingPackageError) this.#lacksPdf = true;
      this.#problem ??= (error as Error).message;
      return undefined;
    }
  }

  /** Lets go of what makes the pictures. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#maker[Symbol.asyncDispose]();
  }

  /** Undefined as well where the image could not be read, which counts once for all its pages. */
  async #read(record: NamedRecord): Promise<Uint8Array | undefined> {
    try {
      const content = await this.#find(record);
      this.#failures = 0;
      return content;
    } catch (error) {
      this.#failures++;
      this.#problem ??= (error as Error).message;
      return undefined;
    }
  }

  async #find(record: NamedRecord): Promise<Uint8Array | undefined> {
    const { store, read } = this.#options;
    const { uri } = record;
    const content = await read?.(record);
    // Results from elsewhere name what no store has.
    if (content !== undefined || !uri.startsWith("gs://")) return content;
    return store && readObject(store, uri);
  }
}

async function readObject(store: ObjectStore, uri: string): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of store.read(uri)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof StorageError && error.reason === "notFound") return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}
