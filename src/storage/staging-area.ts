import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { failedWith } from "./file-errors.ts";
import { hiddenFolder } from "./object-path.ts";
import { createFile, StagedContent } from "./staged-content.ts";

// Source: https://cloud.google.com/storage/docs/resumable-uploads#session-uris: no upload goes on for longer.
const abandonedAfterMs = 7 * 24 * 60 * 60 * 1000;

/** Makes the files that content is written to before it becomes an object. */
export class StagingArea {
  readonly #prefix = `${process.pid}-${randomBytes(6).toString("hex")}-`;
  readonly #swept = new Set<string>();
  #count = 0;

  /**
   * Begins a file in the hidden folder of a bucket; the first one in a bucket removes what killed
   * processes left there more than a week ago.
   * @param makeBucket is called where the hidden folder is not there yet, and makes the bucket or throws.
   */
  async begin(
    bucket: { readonly name: string; readonly folder: string },
    options: { readonly hashed: boolean; readonly makeBucket: () => void },
  ): Promise<StagedContent> {
    const folder = path.join(bucket.folder, hiddenFolder, "unfinished");
    this.#sweepOnce(folder);
    const file = path.join(folder, `${this.#prefix}${(this.#count += 1)}`);
    const { hashed, makeBucket } = options;
    try {
      return new StagedContent(bucket.name, file, { file: await createFile(file), hashed });
    } catch (error) {
      if (!failedWith(error, "ENOENT")) throw error;
    }
    makeBucket();
    fs.mkdirSync(folder, { recursive: true });
    return new StagedContent(bucket.name, file, { file: await createFile(file), hashed });
  }

  #sweepOnce(folder: string): void {
    if (this.#swept.has(folder)) return;
    this.#swept.add(folder);
    if (!fs.existsSync(folder)) return;
    for (const name of fs.readdirSync(folder)) removeAbandoned(path.join(folder, name));
  }
}

/** By the machine's clock, which is what the times of files are of. */
function removeAbandoned(file: string): void {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  const isAbandoned = stats?.isFile() === true && Date.now() - stats.mtimeMs > abandonedAfterMs;
  if (isAbandoned) fs.rmSync(file, { force: true });
}
