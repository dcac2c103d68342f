import { createHash } from "node:crypto";
import fs from "node:fs";

import { StorageError } from "../errors/index.ts";
import { crc32c, formatCrc32c } from "./crc32c.ts";
import { formatGsUri } from "./gs-uri.ts";
import type { HashMemory } from "./hash-memory.ts";
import type { ContentHashes, StoredObject } from "./stored-object.ts";

const readBytes = 1024 * 1024;

/** An object opened for reading: it stays this generation whatever is written meanwhile. Close it. */
export class OpenedObject {
  readonly object: StoredObject;
  readonly #file: number;
  readonly #memory: HashMemory;
  #isOpen = true;
  #reads = 0;

  constructor(object: StoredObject, file: number, memory: HashMemory) {
    this.object = object;
    this.#file = file;
    this.#memory = memory;
  }

  /** The stored bytes from `start` (inclusive) to `end` (exclusive), by default all. */
  async *read(start = 0, end = this.object.size): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = start; at < end;) {
      const chunk = await this.#readAt(at, Math.min(readBytes, end - at));
      if (chunk.length === 0) throw this.#cutShort(at);
      at += chunk.length;
      yield chunk;
    }
  }

  /** The checksums of the content, read once where they are not known and then remembered. */
  async hashes(): Promise<ContentHashes> {
    const known = this.#memory.get(this.object);
    if (known !== undefined) return known;
    const md5 = createHash("md5");
    let crc = 0;
    for await (const chunk of this.read()) {
      md5.update(chunk);
      crc = crc32c(chunk, crc);
    }
    const hashes = { crc32c: formatCrc32c(crc), md5Hash: md5.digest("base64") };
    this.#memory.set(this.object, hashes);
    return hashes;
  }

  /** Closes the file, after a read that is under way. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closeUnlessUsed();
  }

  async #readAt(position: number, length: number): Promise<Uint8Array> {
    if (!this.#isOpen) throw new Error("the object is closed");
    this.#reads += 1;
    try {
      return await readSome(this.#file, position, length);
    } finally {
      this.#reads -= 1;
      this.#closeUnlessUsed();
    }
  }

  /** A file that is closed while it is read from could by then be another one's. */
  #closeUnlessUsed(): void {
    if (!this.#isOpen && this.#reads === 0) fs.closeSync(this.#file);
  }

  #cutShort(at: number): StorageError {
    const { bucket, name, size } = this.object;
    const uri = formatGsUri(bucket, name);
    return new StorageError(`${uri} ended at byte ${at} of ${size}: its file was cut short`, {
      reason: "corrupt",
      uri,
    });
  }
}

function readSome(file: number, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length);
  return new Promise((resolve, reject) => {
    fs.read(file, buffer, 0, length, position, (error, count) => {
      if (error === null) resolve(buffer.subarray(0, count));
      else reject(error);
    });
  });
}
