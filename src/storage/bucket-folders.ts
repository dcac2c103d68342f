import fs from "node:fs";
import path from "node:path";

import { StorageError } from "../errors/index.ts";
import { failedWith } from "./file-errors.ts";
import { bucketNameProblem } from "./gs-uri.ts";
import { hiddenFolder } from "./object-path.ts";

/** What is known of a bucket. */
export interface StoredBucket {
  readonly name: string;
  readonly metageneration: string;
  /** RFC 3339. */
  readonly timeCreated: string;
  /** RFC 3339. */
  readonly updated: string;
  /** What was said of it when it was made or patched, in the names of the JSON API. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The buckets of a directory: its folders whose names are names of buckets. */
export class BucketFolders {
  readonly #root: string;
  readonly #now: () => number;

  constructor(root: string, now: () => number) {
    this.#root = path.resolve(root);
    this.#now = now;
  }

  /**
   * The folder of a bucket, whether it is there or not.
   * @throws {@link StorageError} `invalidArgument` for what is no name of a bucket.
   */
  folder(bucket: string): string {
    const problem = bucketNameProblem(bucket);
    if (problem === undefined) return path.join(this.#root, bucket);
    const uri = `gs://${bucket}`;
    throw new StorageError(`${uri}: ${problem}`, { reason: "invalidArgument", uri });
  }

  /** Whether a bucket is there. */
  has(bucket: string): boolean {
    return isFolder(this.folder(bucket));
  }

  /** A bucket, or undefined where there is none. */
  find(bucket: string): StoredBucket | undefined {
    const stats = fs.statSync(this.folder(bucket), { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return undefined;
    const timeCreated = stats.birthtime.toISOString();
    const plain = { name: bucket, metageneration: "1", timeCreated, updated: timeCreated };
    return { ...plain, attributes: {}, ...this.#readRecord(bucket) };
  }

  /** All buckets, by name. */
  list(): StoredBucket[] {
    if (!isFolder(this.#root)) return [];
    const names = fs
      .readdirSync(this.#root)
      .filter((name) => bucketNameProblem(name) === undefined);
    return names.sort().flatMap((name) => this.find(name) ?? []);
  }

  /** Makes a bucket; undefined where there is one. */
  create(
    bucket: string,
    attributes: Readonly<Record<string, unknown>> = {},
  ): StoredBucket | undefined {
    const folder = this.folder(bucket);
    fs.mkdirSync(this.#root, { recursive: true });
    try {
      fs.mkdirSync(folder);
    } catch (error) {
      if (failedWith(error, "EEXIST")) return undefined;
      throw error;
    }
    if (Object.keys(attributes).length > 0) this.#write(bucket, { attributes });
    return this.find(bucket);
  }

  /** Sets the attributes of a bucket, whose metageneration then grows; undefined where there is none. */
  update(
    bucket: string,
    change: (before: StoredBucket) => Readonly<Record<string, unknown>>,
  ): StoredBucket | undefined {
    const before = this.find(bucket);
    if (before === undefined) return undefined;
    const metageneration = String(Number(before.metageneration) + 1);
    const updated = new Date(this.#now()).toISOString();
    this.#write(bucket, { attributes: change(before), metageneration, updated });
    return this.find(bucket);
  }

  /** Removes a bucket's folder with all that is in it. */
  remove(bucket: string): void {
    fs.rmSync(this.folder(bucket), { recursive: true, force: true });
  }

  #write(bucket: string, record: Partial<StoredBucket>): void {
    const file = this.#recordFile(bucket);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, JSON.stringify(record));
    fs.renameSync(`${file}.new`, file);
  }

  #recordFile(bucket: string): string {
    return path.join(this.folder(bucket), hiddenFolder, "bucket.json");
  }

  #readRecord(bucket: string): Partial<StoredBucket> {
    try {
      return JSON.parse(fs.readFileSync(this.#recordFile(bucket), "utf8")) as Partial<StoredBucket>;
    } catch (error) {
      if (failedWith(error, "ENOENT")) return {};
      throw error;
    }
  }
}

function isFolder(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
