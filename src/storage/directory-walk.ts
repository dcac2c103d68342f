import type { Dirent } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";

import { failedWith } from "./file-errors.ts";
import { compareNames } from "./name-order.ts";
import {
  besideFolderSuffix,
  fileText,
  folderOfPrefix,
  folderText,
  hiddenFolder,
  pathComponents,
} from "./object-path.ts";

/** Which names a walk yields; `from` and `skipPrefix` may be raised while it runs, and whole folders are then passed over. */
export interface WalkBounds {
  readonly prefix: string;
  /** The first name, inclusive. */
  from: string;
  /** Names that begin with this are left out. */
  skipPrefix?: string;
  /** The end, exclusive. */
  readonly until?: string;
}

/** A file that stands for an object. */
export interface WalkedFile {
  readonly name: string;
  readonly path: string;
}

interface Folder {
  /** Components below the bucket's folder. */
  readonly components: readonly string[];
  /** What the names of all objects in it begin with. */
  readonly prefix: string;
}

interface Entry {
  readonly component: string;
  /** The name of the object, or what the names of the objects in the folder begin with. */
  readonly key: string;
  readonly isFolder: boolean;
}

/** The files of a bucket's folder that stand for objects, by name in code point order. */
export async function* walkObjects(
  bucketFolder: string,
  bounds: WalkBounds,
): AsyncGenerator<WalkedFile, void, undefined> {
  // No file's name has one, and the file system refuses to look.
  if (bounds.prefix.includes("\0")) return;
  yield* walkFolder(bucketFolder, folderOfPrefix(bounds.prefix), bounds);
}

async function* walkFolder(
  root: string,
  folder: Folder,
  bounds: WalkBounds,
): AsyncGenerator<WalkedFile, void, undefined> {
  for (const entry of await readFolder(root, folder)) {
    if (bounds.until !== undefined && compareNames(entry.key, bounds.until) >= 0) return;
    if (!mayYield(entry, bounds)) continue;
    const components = [...folder.components, entry.component];
    if (entry.isFolder) {
      yield* walkFolder(root, { components, prefix: entry.key }, bounds);
    } else if (isCanonical(entry.key, components)) {
      yield { name: entry.key, path: path.join(root, ...components) };
    }
  }
}

function mayYield({ key, isFolder }: Entry, bounds: WalkBounds): boolean {
  const { prefix, from, skipPrefix } = bounds;
  if (!key.startsWith(prefix) && !(isFolder && prefix.startsWith(key))) return false;
  if (skipPrefix !== undefined && key.startsWith(skipPrefix)) return false;
  return compareNames(key, from) >= 0 || (isFolder && from.startsWith(key));
}

/** Whether the store would look for the object there; only components with an escape can differ. */
function isCanonical(name: string, components: readonly string[]): boolean {
  if (!components.some((component) => component.includes("%"))) return true;
  const wanted = pathComponents(name).join("/");
  const actual = components.join("/");
  return actual === wanted || actual === `${wanted}${besideFolderSuffix}`;
}

async function readFolder(root: string, folder: Folder): Promise<Entry[]> {
  const directory = path.join(root, ...folder.components);
  const isTop = folder.components.length === 0;
  const entries: Entry[] = [];
  for (const dirent of await readDirents(directory)) {
    if (isTop && dirent.name === hiddenFolder) continue;
    const kind = await kindOf(dirent, directory);
    if (kind !== "other") entries.push(toEntry(dirent.name, kind === "folder", folder.prefix));
  }
  return withoutDoubles(entries.sort((a, b) => compareNames(a.key, b.key)));
}

async function readDirents(directory: string): Promise<Dirent[]> {
  try {
    return await fs.readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (failedWith(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function toEntry(component: string, isFolder: boolean, prefix: string): Entry {
  const text = isFolder ? folderText(component) : fileText(component).text;
  return { component, key: prefix + text, isFolder };
}

/** Of two files for one name the shorter counts, as it does where the store looks one up. */
function withoutDoubles(entries: Entry[]): Entry[] {
  return entries.filter((entry, index) => {
    if (entry.isFolder || !entry.component.endsWith(besideFolderSuffix)) return true;
    return ![entries[index - 1], entries[index + 1]].some(
      (other) => other !== undefined && !other.isFolder && other.key === entry.key,
    );
  });
}

async function kindOf(dirent: Dirent, directory: string): Promise<"file" | "folder" | "other"> {
  if (dirent.isFile()) return "file";
  if (dirent.isDirectory()) return "folder";
  if (!dirent.isSymbolicLink()) return "other";
  return linkKind(path.join(directory, dirent.name), directory);
}

async function linkKind(link: string, directory: string): Promise<"file" | "folder" | "other"> {
  try {
    const stats = await fs.stat(link);
    if (stats.isFile()) return "file";
    if (!stats.isDirectory()) return "other";
    const [target, here] = await Promise.all([fs.realpath(link), fs.realpath(directory)]);
    const leadsUp = `${here}${path.sep}`.startsWith(`${target}${path.sep}`);
    return leadsUp ? "other" : "folder";
  } catch (error) {
    if (failedWith(error, "ENOENT", "ELOOP")) return "other";
    throw error;
  }
}
