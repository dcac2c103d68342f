import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { failedWith } from "./file-errors.ts";
import { hiddenFolder } from "./object-path.ts";
import { createFile, StagedContent } from "./staged-content.ts";

/** Makes the files that content is written to before it becomes an object. */
export class StagingArea {
  readonly #prefix = `${process.pid}-${randomBytes(6).toString("hex")}-`;
  #count = 0;

  /**
   * Begins a file in the hidden folder of a bucket.
   * @param makeBucket is called where the hidden folder is not there yet, and makes the bucket or throws.
   */
  async begin(
    bucket: { readonly name: string; readonly folder: string },
    options: { readonly hashed: boolean; readonly makeBucket: () => void },
  ): Promise<StagedContent> {
    const folder = path.join(bucket.folder, hiddenFolder, "unfinished");
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
}
