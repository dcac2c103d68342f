import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What files take: their bytes, and the blocks that a disk gives them. */
export interface Size {
  readonly bytes: number;
  /** In bytes: 4 KiB blocks, one for each folder. As `du` tells it on most disks. */
  readonly onDisk: number;
}

const blockBytes = 4096;

/** The size of a folder without the packages that are nested in it. */
export function installedSize(folder: string): Size {
  const sizes = readdirSync(folder, { withFileTypes: true }).map((entry): Size => {
    const path = join(folder, entry.name);
    if (entry.name === "node_modules") return { bytes: 0, onDisk: 0 };
    return entry.isDirectory() ? installedSize(path) : fileSize(statSync(path).size);
  });
  return sumOf([{ bytes: 0, onDisk: blockBytes }, ...sizes]);
}

/** The size of files by their paths, their folders included. */
export function sizeOfFiles(
  files: readonly { readonly path: string; readonly size: number }[],
): Size {
  const folders = new Set(
    files.flatMap(({ path }) => {
      const parts = path.split("/").slice(0, -1);
      return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    }),
  );
  const sizes = files.map(({ size }) => fileSize(size));
  return sumOf([{ bytes: 0, onDisk: blockBytes * (folders.size + 1) }, ...sizes]);
}

/** All of them together. */
export function sumOf(sizes: readonly Size[]): Size {
  return sizes.reduce(
    (sum, { bytes, onDisk }) => ({ bytes: sum.bytes + bytes, onDisk: sum.onDisk + onDisk }),
    { bytes: 0, onDisk: 0 },
  );
}

function fileSize(bytes: number): Size {
  return { bytes, onDisk: Math.ceil(bytes / blockBytes) * blockBytes };
}
