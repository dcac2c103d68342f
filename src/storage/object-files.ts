import fs from "node:fs";
import path from "node:path";

import { failedWith } from "./file-errors.ts";
import { besideFolderSuffix, pathComponents } from "./object-path.ts";

/** Where an object is, or is to be written. */
export interface ObjectPlace {
  readonly path: string;
  /** Of the file that holds the object; undefined where there is none. */
  readonly stats: fs.Stats | undefined;
}

/** Where an object is: under its own path, or beside the folder that has its name. */
export function placeOfObject(bucketFolder: string, name: string): ObjectPlace {
  const own = path.join(bucketFolder, ...pathComponents(name));
  const ownStats = statOf(own);
  if (ownStats?.isFile()) return { path: own, stats: ownStats };
  const beside = own + besideFolderSuffix;
  const besideStats = statOf(beside);
  if (besideStats?.isFile()) return { path: beside, stats: besideStats };
  return { path: ownStats?.isDirectory() ? beside : own, stats: undefined };
}

// Other processes may remove a folder that has just been made, again and again, but not forever.
const maxMoves = 100;

/**
 * Moves a written file to its object's path, making the folders that it needs.
 * @param options `exclusive` fails with `EEXIST` where there is a file, even one of another process, and leaves the old path too.
 */
export function moveIntoPlace(
  from: string,
  to: string,
  options: { readonly bucketFolder: string; readonly exclusive: boolean },
): void {
  const move = options.exclusive ? linkOrRename : fs.renameSync;
  for (let moves = 1; ; moves += 1) {
    try {
      move(from, to);
      return;
    } catch (error) {
      if (moves === maxMoves || !failedWith(error, "ENOENT", "ENOTDIR")) throw error;
    }
    makeFolders(path.dirname(to), options.bucketFolder);
  }
}

/** Removes the folders that an object's removal left empty, up to the bucket's. */
export function removeEmptyFolders(file: string, bucketFolder: string): void {
  for (let at = path.dirname(file); at !== bucketFolder; at = path.dirname(at)) {
    try {
      fs.rmdirSync(at);
    } catch (error) {
      if (failedWith(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EBUSY", "ENOTDIR")) return;
      throw error;
    }
  }
}

/** The modification time of a file in whole microseconds, the resolution of generations; at least 1. */
export function stampOf(stats: fs.Stats): number {
  return Math.max(1, Math.floor(stats.mtimeMs * 1000));
}

/** Sets the modification time of an open file to a stamp. */
export function setStamp(file: number, stamp: number): void {
  // Half a microsecond on top: a double holds seconds to a quarter of one, so that the stamp comes back whole.
  const seconds = (stamp + 0.5) / 1e6;
  fs.futimesSync(file, seconds, seconds);
}

/** Makes a folder and those above it, as far as other processes let it; an object in the way steps beside the folder of its name. */
function makeFolders(folder: string, bucketFolder: string): void {
  let at = bucketFolder;
  try {
    for (const component of path.relative(bucketFolder, folder).split(path.sep)) {
      at = path.join(at, component);
      const stats = statOf(at);
      if (stats?.isFile()) fs.renameSync(at, at + besideFolderSuffix);
      if (!stats?.isDirectory()) fs.mkdirSync(at);
    }
  } catch (error) {
    // Made, moved or removed in the same moment by another process: the next move tells what is still wanting.
    if (!failedWith(error, "EEXIST", "ENOENT", "ENOTDIR")) throw error;
  }
}

/** Not every file system has hard links; without them only this process is kept from overwriting. */
function linkOrRename(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!failedWith(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    fs.renameSync(from, to);
  }
}

function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (failedWith(error, "ENOTDIR")) return undefined;
    throw error;
  }
}
