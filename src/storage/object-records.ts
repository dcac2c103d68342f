import type { Stats } from "node:fs";

import { contentTypeOfName } from "./content-type.ts";
import { stampOf } from "./object-files.ts";
import { readSidecar, sidecarPath, type Sidecar } from "./sidecar.ts";
import type { ObjectAttributes, StoredObject } from "./stored-object.ts";

/** An object and where its bucket lies. */
export interface ObjectKey {
  readonly bucket: string;
  readonly name: string;
  readonly bucketFolder: string;
}

/** What the file of an object and its sidecar, where it has one, tell of it. */
export function describeObject(key: ObjectKey, stats: Stats): StoredObject {
  const stamp = stampOf(stats);
  const sidecar = readSidecar(sidecarPath(key.bucketFolder, key.name, stamp), stats.size);
  return toObject(key, { stamp, size: stats.size, sidecar });
}

/** An object of what is known of its file and in its sidecar. */
export function toObject(
  key: ObjectKey,
  file: { readonly stamp: number; readonly size: number; readonly sidecar: Sidecar | undefined },
): StoredObject {
  const { sidecar } = file;
  const generation = sidecar?.generation ?? String(file.stamp);
  const timeCreated = new Date(Number(generation) / 1000).toISOString();
  return {
    bucket: key.bucket,
    name: key.name,
    generation,
    metageneration: sidecar?.metageneration ?? "1",
    size: file.size,
    timeCreated,
    updated: sidecar?.updated ?? timeCreated,
    attributes: { contentType: contentTypeOfName(key.name), ...sidecar?.attributes },
    ...(sidecar?.hashes === undefined ? {} : { hashes: sidecar.hashes }),
    ...(sidecar?.componentCount === undefined ? {} : { componentCount: sidecar.componentCount }),
  };
}

/** The sidecar that keeps an object as it is. */
export function toSidecar(object: StoredObject, stamp: number): Sidecar {
  const { name, size, metageneration, updated, attributes, hashes, componentCount } = object;
  return {
    name,
    size,
    metageneration,
    updated,
    attributes,
    ...(object.generation === String(stamp) ? {} : { generation: object.generation }),
    ...(hashes === undefined ? {} : { hashes }),
    ...(componentCount === undefined ? {} : { componentCount }),
  };
}

/** Whether attributes say no more than the name does. */
export function areDefault(name: string, attributes: ObjectAttributes): boolean {
  return Object.entries(attributes).every(
    ([key, value]) =>
      value === undefined || (key === "contentType" && value === contentTypeOfName(name)),
  );
}
