import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { failedWith } from "./file-errors.ts";
import { hiddenFolder } from "./object-path.ts";
import type { ContentHashes, ObjectAttributes } from "./stored-object.ts";

/** What is kept of one generation of an object beside its file, where the file alone does not tell it. */
export interface Sidecar {
  readonly name: string;
  /** The size of the file that it belongs to: a file of another size was changed by hand. */
  readonly size: number;
  /** Absent where the file's modification time tells it. */
  readonly generation?: string;
  readonly metageneration: string;
  readonly updated: string;
  readonly attributes: ObjectAttributes;
  readonly hashes?: ContentHashes;
  readonly componentCount?: number;
}

/**
 * The file of a sidecar. It is named for the file's modification time (microseconds) too, so that
 * it can be written before the object appears and never belongs to another generation.
 */
export function sidecarPath(bucketFolder: string, name: string, stamp: number): string {
  const digest = createHash("sha256").update(name).digest("hex");
  return path.join(
    bucketFolder,
    hiddenFolder,
    "objects",
    digest.slice(0, 2),
    `${digest.slice(2)}-${stamp}.json`,
  );
}

/** Reads a sidecar; undefined where there is none or it does not belong to a file of this size. */
export function readSidecar(file: string, size: number): Sidecar | undefined {
  // Most objects have none, and a missing file is told without the cost of an exception.
  if (!fs.existsSync(file)) return undefined;
  try {
    const sidecar = JSON.parse(fs.readFileSync(file, "utf8")) as Sidecar;
    return sidecar.size === size ? sidecar : undefined;
  } catch (error) {
    if (failedWith(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a sidecar whole: a reader finds the one before or this one. */
export function writeSidecar(file: string, sidecar: Sidecar): void {
  const aside = `${file}.${process.pid}`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(aside, JSON.stringify(sidecar));
  fs.renameSync(aside, file);
}

/** Removes a sidecar where there is one. */
export function removeSidecar(file: string): void {
  if (fs.existsSync(file)) fs.rmSync(file, { force: true });
}
