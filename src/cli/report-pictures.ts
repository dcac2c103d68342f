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
      for (const path of name === undefined ? [] : pathsWithin(folder, name)) {
        const content = await readFile(path).catch(unlessAbsent);
        if (content !== undefined) return content;
      }
    }
    return undefined;
  };
}

/**
 * Where a name leads to from the folder, and from the working folder, as it was given to `annotate`. Results
 * may come from anyone: what they name is read only below the folder.
 */
function pathsWithin(folder: string, name: string): readonly string[] {
  if (/^[a-z]+:\/\//i.test(name) || name.includes("\0")) return [];
  return [resolve(folder, name), resolve(name)].filter((path) => {
    const inside = relative(resolve(folder), path);
    return inside !== "" && !inside.startsWith("..") && !isAbsolute(inside);
  });
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (["ENOENT", "ENOTDIR", "EISDIR"].includes(error.code ?? "")) return undefined;
  throw error;
}
