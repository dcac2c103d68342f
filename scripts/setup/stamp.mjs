// @ts-check
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Whether node_modules is what the lock file says: npm writes its own copy of the lock there as the
 * last thing that a successful install does.
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const found = packagesOf(installedLock(root));
  if (wanted === undefined || found === undefined) return false;
  for (const path of Object.keys(found)) if (!(path in wanted)) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const installed = found[path];
    if (path === "") return true;
    if (installed === undefined) return optional === true;
    return installed.version === version && installed.integrity === integrity;
  });
}

/**
 * Makes what is in node_modules count as no install.
 * @param {string} root
 */
export function forgetInstall(root) {
  rmSync(installedLock(root), { force: true });
}

/**
 * Whether a stage last succeeded on these very inputs.
 * @param {string} stamp
 * @param {string} digest
 */
export function isStamped(stamp, digest) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

/**
 * @param {string} stamp
 * @param {string} digest
 */
export function writeStamp(stamp, digest) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/**
 * A digest of names and contents; a path may be a file, a folder or absent.
 * @param {string} root
 * @param {readonly string[]} paths relative to the root
 */
export function digestOf(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((each) => filesUnder(root, each))) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(root, path) {
  if (!existsSync(join(root, path))) return [];
  try {
    const names = readdirSync(join(root, path)).sort();
    return names.flatMap((name) => filesUnder(root, join(path, name)));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOTDIR") return [path];
    throw error;
  }
}

/** @param {string} root */
function installedLock(root) {
  return join(root, "node_modules", ".package-lock.json");
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined}
 */
function packagesOf(path) {
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, "utf8")).packages;
}
