import { createHash, type Hash } from "node:crypto";
import fs from "node:fs";

import { crc32c, formatCrc32c } from "./crc32c.ts";
import { fromFileError } from "./file-errors.ts";
import type { ContentHashes } from "./stored-object.ts";

/** Content written aside, waiting to become an object or to be discarded. */
export class StagedContent {
  /** The bucket whose folder the content lies in. */
  readonly bucket: string;
  /** The file that holds the content. */
  readonly path: string;
  /** The open file. */
  readonly file: number;
  #size = 0;
  #crc = 0;
  readonly #md5: Hash | undefined;
  #isOpen = true;
  #writes = 0;

  constructor(bucket: string, path: string, options: { file: number; hashed: boolean }) {
    this.bucket = bucket;
    this.path = path;
    this.file = options.file;
    this.#md5 = options.hashed ? createHash("md5") : undefined;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** The checksums of what was written so far; undefined when none were asked for. */
  get hashes(): ContentHashes | undefined {
    if (this.#md5 === undefined) return undefined;
    return { crc32c: formatCrc32c(this.#crc), md5Hash: this.#md5.copy().digest("base64") };
  }

  /** Appends bytes; they must not change until it is done. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#md5 !== undefined) {
      this.#md5.update(bytes);
      this.#crc = crc32c(bytes, this.#crc);
    }
    this.#size += bytes.length;
    try {
      let left = bytes;
      while (left.length > 0) left = left.subarray(await this.#writeSome(left));
    } catch (error) {
      throw fromFileError(error, `gs://${this.bucket}`);
    }
  }

  /** Closes the file, after a write that is under way. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closeUnlessUsed();
  }

  /** Closes and removes the file; does nothing after the content became an object. */
  discard(): void {
    if (!this.#isOpen) return;
    this.close();
    fs.rmSync(this.path, { force: true });
  }

  async #writeSome(bytes: Uint8Array): Promise<number> {
    if (!this.#isOpen) throw new Error("the content was discarded while it was written");
    this.#writes += 1;
    try {
      return await writeSome(this.file, bytes);
    } finally {
      this.#writes -= 1;
      this.#closeUnlessUsed();
    }
  }

  /** A file that is closed while it is written to could by then be another one's. */
  #closeUnlessUsed(): void {
    if (!this.#isOpen && this.#writes === 0) fs.closeSync(this.file);
  }
}

// The callback form costs a third of the promise form, and these two calls are most of a write.
function writeSome(file: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(file, bytes, 0, bytes.length, null, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}

/** Opens a new file for writing. */
export function createFile(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, "wx", 0o666, (error, file) => {
      if (error === null) resolve(file);
      else reject(error);
    });
  });
}
