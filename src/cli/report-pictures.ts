import { readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import type { NamedRecord, PictureSizes, RecordPicturesOptions } from "../report/index.ts";
import { parseCount } from "./run-flags.ts";

/** The options of pictures, as they are given. */
export interface PictureFlags {
  /** False with `--no-pictures`. */
  readonly pictures?: boolean;
  /** A folder of images. */
  readonly imageFolder?: string;
  readonly thumbnail?: string;
  readonly preview?: string;
}

/** Reads how large pictures are to be. @throws UsageError */
export function parsePictureSizes({ thumbnail, preview }: PictureFlags): Partial<PictureSizes> {
  const thumbnailPixels = parseCount("--thumbnail", thumbnail, { min: 16, max: 2000 });
  const previewPixels = parseCount("--preview", preview, { min: 0, max: 8000 });
  return {
    ...(thumbnailPixels === undefined ? {} : { thumbnailPixels }),
    ...(previewPixels === undefined ? {} : { previewPixels }),
  };
}

/** Reads the images of records below a folder, by what the user called them or by their URIs. */
export function readBelow(folder: string): NonNullable<RecordPicturesOptions["read"]> {
  return async ({ input, customId, uri }: NamedRecord) => {
    for (const name of [input, customId, uri]) {
      const path = name === undefined ? undefined : pathWithin(folder, name);
      const content = path && (await readFile(path).catch(unlessAbsent));
      if (content !== undefined && content !== "") return content;
    }
    return undefined;
  };
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
