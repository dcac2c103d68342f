import fs from "node:fs";

import { StorageError } from "../errors/index.ts";
import { BucketFolders } from "./bucket-folders.ts";
import { walkObjects, type WalkBounds } from "./directory-walk.ts";
import { fromFileError } from "./file-errors.ts";
import { createWriterClock, GenerationClock } from "./generation-clock.ts";
import { formatGsUri, objectNameProblem } from "./gs-uri.ts";
import { HashMemory } from "./hash-memory.ts";
import { commitContent, type CommitOptions } from "./object-commit.ts";
import { placeOfObject, removeEmptyFolders, stampOf } from "./object-files.ts";
import { describeObject, toSidecar, type ObjectKey } from "./object-records.ts";
import { OpenedObject } from "./opened-object.ts";
import { failedPrecondition, type Preconditions } from "./preconditions.ts";
import { removeSidecar, sidecarPath, writeSidecar } from "./sidecar.ts";
import type { StagedContent } from "./staged-content.ts";
import { StagingArea } from "./staging-area.ts";
import type { ContentHashes, ObjectAttributes, StoredObject } from "./stored-object.ts";

/** Options of an {@link ObjectDirectory}. */
export interface ObjectDirectoryOptions {
  /** Makes a bucket when something is first written to it. Default true; else such a write fails with `notFound`. */
  readonly createBuckets?: boolean | undefined;
  /** The clock, milliseconds since 1970. Default: the machine's. */
  readonly now?: (() => number) | undefined;
}

/** A change of an object's attributes. */
export interface AttributeChange {
  readonly conditions?: Preconditions | undefined;
  readonly attributes: (before: ObjectAttributes) => ObjectAttributes;
}

/** An object's name in its bucket, with the conditions of what is done to it. */
interface Target extends ObjectKey {
  readonly conditions?: Preconditions | undefined;
}

/**
 * Objects as the files `ROOT/<bucket>/<name>`, one live generation each; a file that was put there
 * by hand is an object too.
 *
 * Content is written aside and renamed into place. A condition is checked and the change made in
 * one synchronous step, so that within a process nothing comes between them; between processes
 * every change is whole and `ifGenerationMatch: "0"` holds, but another condition can be overtaken.
 *
 * The generation is the file's modification time in microseconds, and the content type follows
 * from the name, so that a plain object needs its file only; whatever differs is in a sidecar.
 */
export class ObjectDirectory {
  /** Its buckets. */
  readonly buckets: BucketFolders;
  readonly #createsBuckets: boolean;
  readonly #now: () => number;
  readonly #clock: GenerationClock;
  readonly #hashes = new HashMemory();
  readonly #staging = new StagingArea();
  #changes = 0;

  constructor(root: string, options: ObjectDirectoryOptions = {}) {
    this.#now = options.now ?? createWriterClock();
    this.buckets = new BucketFolders(root, this.#now);
    this.#createsBuckets = options.createBuckets ?? true;
    this.#clock = new GenerationClock(this.#now);
  }

  /** Grows with every object that this instance writes or removes. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Makes a bucket to write to where there is none.
   * @throws {@link StorageError} `notFound` where buckets are not made so.
   */
  prepareBucket(bucket: string): void {
    if (this.buckets.has(bucket)) return;
    if (!this.#createsBuckets) throw noBucket(bucket);
    this.buckets.create(bucket);
  }

  /** An object, or undefined where there is none. */
  find(bucket: string, name: string): StoredObject | undefined {
    return this.#step(bucket, name, (key) => {
      const { stats } = placeOfObject(key.bucketFolder, name);
      return stats === undefined ? undefined : describeObject(key, stats);
    });
  }

  /** Opens an object for reading, or undefined where there is none. */
  open(bucket: string, name: string): OpenedObject | undefined {
    return this.#step(bucket, name, (key) => {
      const { path, stats } = placeOfObject(key.bucketFolder, name);
      if (stats === undefined) return undefined;
      const file = fs.openSync(path, "r");
      try {
        return new OpenedObject(describeObject(key, fs.fstatSync(file)), file, this.#hashes);
      } catch (error) {
        fs.closeSync(file);
        throw error;
      }
    });
  }

  /** The checksums of an object, for which its content is read once; undefined when it is overwritten or removed meanwhile. */
  async hashes(object: StoredObject): Promise<ContentHashes | undefined> {
    const known = this.#hashes.get(object);
    if (known !== undefined) return known;
    const opened = this.open(object.bucket, object.name);
    try {
      const isSame = opened?.object.generation === object.generation;
      return isSame ? await opened.hashes() : undefined;
    } finally {
      opened?.close();
    }
  }

  /**
   * Begins to write content aside; commit it or discard it.
   * @param options `hashed` has the checksums computed on the way.
   */
  async stage(bucket: string, options: { readonly hashed: boolean }): Promise<StagedContent> {
    try {
      const folder = this.buckets.folder(bucket);
      const makeBucket = (): void => {
        this.prepareBucket(bucket);
      };
      return await this.#staging.begin({ name: bucket, folder }, { ...options, makeBucket });
    } catch (error) {
      throw fromFileError(error, `gs://${bucket}`);
    }
  }

  /**
   * Makes staged content the live generation of an object, or discards it where that fails.
   * @throws {@link StorageError} `preconditionFailed` when a condition does not hold.
   */
  commit(staged: StagedContent, name: string, options: CommitOptions = {}): StoredObject {
    try {
      return this.#step(staged.bucket, name, (key) => {
        const place = placeOfObject(key.bucketFolder, name);
        const current = this.#current({ ...key, conditions: options.conditions }, place.stats);
        const object = commitContent(staged, key, {
          ...options,
          place,
          current,
          clock: this.#clock,
        });
        this.#changes += 1;
        if (staged.hashes !== undefined) this.#hashes.set(object, staged.hashes);
        return object;
      });
    } finally {
      staged.discard();
    }
  }

  /**
   * Changes the attributes of an object: its generation stays, its metageneration grows.
   * @returns undefined where there is no object.
   */
  patch(bucket: string, name: string, change: AttributeChange): StoredObject | undefined {
    return this.#step(bucket, name, (key) => {
      const { stats } = placeOfObject(key.bucketFolder, name);
      const current = this.#current({ ...key, conditions: change.conditions }, stats);
      if (current === undefined || stats === undefined) return undefined;
      const stamp = stampOf(stats);
      writeSidecar(sidecarPath(key.bucketFolder, name, stamp), {
        ...toSidecar(current, stamp),
        metageneration: String(Number(current.metageneration) + 1),
        updated: new Date(this.#now()).toISOString(),
        attributes: change.attributes(current.attributes),
      });
      return describeObject(key, stats);
    });
  }

  /** Removes an object; false where there was none. */
  remove(bucket: string, name: string, conditions?: Preconditions): boolean {
    return this.#step(bucket, name, (key) => {
      const { path, stats } = placeOfObject(key.bucketFolder, name);
      this.#current({ ...key, conditions }, stats);
      if (stats === undefined) return false;
      fs.rmSync(path);
      this.#changes += 1;
      removeSidecar(sidecarPath(key.bucketFolder, name, stampOf(stats)));
      removeEmptyFolders(path, key.bucketFolder);
      return true;
    });
  }

  /**
   * The objects of a bucket within bounds, by name in code point order.
   * @throws {@link StorageError} `notFound` where there is no such bucket.
   */
  async *list(bucket: string, bounds: WalkBounds): AsyncGenerator<StoredObject, void, undefined> {
    const bucketFolder = this.buckets.folder(bucket);
    if (!this.buckets.has(bucket)) throw noBucket(bucket);
    try {
      for await (const { name, path } of walkObjects(bucketFolder, bounds)) {
        const stats = fs.statSync(path, { throwIfNoEntry: false });
        if (stats?.isFile()) yield describeObject({ bucket, name, bucketFolder }, stats);
      }
    } catch (error) {
      throw fromFileError(error, formatGsUri(bucket, bounds.prefix));
    }
  }

  /** Runs one synchronous step on an object; whatever fails in it becomes a {@link StorageError}. */
  #step<T>(bucket: string, name: string, run: (key: ObjectKey) => T): T {
    const uri = formatGsUri(bucket, name);
    const problem = name.includes("\0") ? "a file's name has no NUL" : objectNameProblem(name);
    if (problem !== undefined) {
      throw new StorageError(`${uri}: ${problem}`, { reason: "invalidArgument", uri });
    }
    try {
      return run({ bucket, name, bucketFolder: this.buckets.folder(bucket) });
    } catch (error) {
      throw fromFileError(error, uri);
    }
  }

  /** The live generation, after its conditions were found to hold. */
  #current(target: Target, stats: fs.Stats | undefined): StoredObject | undefined {
    const current = stats === undefined ? undefined : describeObject(target, stats);
    const failed = failedPrecondition(target.conditions ?? {}, current);
    if (failed === undefined) return current;
    const uri = formatGsUri(target.bucket, target.name);
    const found = current === undefined ? "there is none" : `it is ${current.generation}`;
    throw new StorageError(`${uri}: ${failed} does not hold of the live generation, ${found}`, {
      reason: "preconditionFailed",
      uri,
    });
  }
}

function noBucket(bucket: string): StorageError {
  const uri = `gs://${bucket}`;
  return new StorageError(`the bucket ${uri} does not exist`, { reason: "notFound", uri });
}
