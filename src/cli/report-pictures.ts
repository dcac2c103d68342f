import { readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import type { ApiVersion } from "../protocol/api-version.ts";
import { openPictureMaker, type Pictures, type PictureSizes } from "../report/index.ts";
import type { ResultRecord } from "../results/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import { readInput } from "./read-input.ts";
import { parseCount } from "./run-flags.ts";

/** The options of pictures, as they are given. */
export interface PictureFlags {
  /** False with `--no-pictures`. */
  readonly pictures?: boolean;
  /** A folder of images. */
  readonly images?: string;
  readonly thumbnail?: string;
  readonly preview?: string;
}

/** Reads how large pictures are to be. @throws UsageError */
export function parsePictureSizes({ thumbnail, preview }: PictureFlags): PictureSizes {
  const thumbnailPixels = parseCount("--thumbnail", thumbnail, { min: 16, max: 2000 });
  const previewPixels = parseCount("--preview", preview, { min: 0, max: 8000 });
  return { thumbnailPixels: thumbnailPixels ?? 320, previewPixels: previewPixels ?? 1280 };
}

/** Where images are. */
interface ImagePlaces {
  readonly store: ObjectStore;
  readonly images: string | undefined;
}

type PictureMaker = Awaited<ReturnType<typeof openPictureMaker>>;

/** After so many failures in a row nothing more is read: whatever is wrong is wrong for all. */
const mostFailures = 3;

/** Makes the pictures of records from where their images are. */
export class ReportPictures {
  readonly #make: PictureMaker;
  readonly #places: ImagePlaces;
  #failures = 0;
  #firstFailure: string | undefined;
  /** Pages of a document come together, so that one image in memory is enough. */
  #last: { readonly name: string; readonly content: Promise<Uint8Array | undefined> } | undefined;

  private constructor(make: PictureMaker, places: ImagePlaces) {
    this.#make = make;
    this.#places = places;
  }

  /** @throws MissingPackageError without sharp. */
  static async open(sizes: PictureSizes, places: ImagePlaces): Promise<ReportPictures> {
    return new ReportPictures(await openPictureMaker(sizes), places);
  }

  /** The pictures of a record; undefined where its image is not at hand. */
  async of(
    record: ResultRecord<ApiVersion> & { readonly input?: string },
  ): Promise<Pictures | undefined> {
    if (this.#failures >= mostFailures) return undefined;
    const { uri, input, page = 1 } = record;
    const name = `${input ?? ""}\n${uri}`;
    if (this.#last?.name !== name) this.#last = { name, content: this.#read(uri, input) };
    try {
      const content = await this.#last.content;
      this.#failures = 0;
      return content && (await this.#make(content, page));
    } catch (error) {
      this.#failures++;
      this.#firstFailure ??= (error as Error).message;
      return undefined;
    }
  }

  /** Says why pictures are lacking, where an image could not be read. */
  tell(say: (line: string) => void): void {
    if (this.#firstFailure === undefined) return;
    const rest = this.#failures >= mostFailures ? "; no further image was read" : "";
    say(`pictures are lacking: ${this.#firstFailure}${rest}`);
  }

  async #read(uri: string, input: string | undefined): Promise<Uint8Array | undefined> {
    const { store, images } = this.#places;
    for (const name of images === undefined ? [] : [input, uri]) {
      const path = name === undefined ? undefined : pathWithin(images ?? "", name);
      const content = path && (await readFile(path).catch(unlessAbsent));
      if (content !== undefined && content !== "") return content;
    }
    return readInput(store, uri);
  }
}

/** Results may come from anyone: what they name is read only below the folder. */
function pathWithin(folder: string, name: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(name) || name.includes("\0")) return undefined;
  const path = resolve(folder, name);
  const inside = relative(resolve(folder), path);
  const isWithin = inside !== "" && !inside.startsWith("..") && !isAbsolute(inside);
  return isWithin ? path : undefined;
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code ?? "")) return undefined;
  throw error;
}
