// @ts-check
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beatMs = 1_000;

/**
 * Does some work while holding a lock file, so that of several processes one works and the others
 * wait. A lock whose owner is gone is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ pollMs?: number, silentMs?: number }} [options] `silentMs`: how long an owner that seems
 *   to live may show no sign of life (its process number may have been given to another program)
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { pollMs = 100, silentMs = 60_000 } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  let waitedFor = "";
  let silentSince = Date.now();
  let lastBeat = 0;
  while (!take(path)) {
    const { owner, beatAt } = look(path);
    if (beatAt !== lastBeat) [lastBeat, silentSince] = [beatAt, Date.now()];
    if (owner !== "" && (!isAlive(owner) || Date.now() - silentSince > silentMs)) {
      remove(path, owner);
      continue;
    }
    if (owner !== "" && owner !== waitedFor) {
      process.stderr.write(`set-up: waiting for process ${owner}, which is at it\n`);
      waitedFor = owner;
    }
    await sleep(pollMs);
  }
  const heart = setInterval(() => beat(path), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(heart);
    remove(path, String(process.pid));
  }
}

/**
 * Linking a file that is already written: nobody ever reads a lock without its owner.
 * @param {string} path
 */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} path */
function beat(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch (error) {
    // Somebody cleared the folder away: the work goes on, as it would have without a lock.
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** @param {string} path */
function look(path) {
  try {
    return { owner: readFileSync(path, "utf8"), beatAt: statSync(path).mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { owner: "", beatAt: 0 };
    throw error;
  }
}

/**
 * Removes the lock of one owner. It is moved aside first: of several that would remove it one
 * succeeds, and a lock that has meanwhile become another's is put back.
 * @param {string} path
 * @param {string} owner
 */
function remove(path, owner) {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== owner) linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} owner */
function isAlive(owner) {
  if (owner === String(process.pid)) return false;
  try {
    process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}
