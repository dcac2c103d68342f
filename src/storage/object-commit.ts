import fs from "node:fs";

import { StorageError } from "../errors/index.ts";
import { failedWith } from "./file-errors.ts";
import type { GenerationClock } from "./generation-clock.ts";
import { formatGsUri } from "./gs-uri.ts";
import {
  moveIntoPlace,
  placeOfObject,
  setStamp,
  stampOf,
  type ObjectPlace,
} from "./object-files.ts";
import { areDefault, toObject, type ObjectKey } from "./object-records.ts";
import type { Preconditions } from "./preconditions.ts";
import { removeSidecar, sidecarPath, writeSidecar, type Sidecar } from "./sidecar.ts";
import type { StagedContent } from "./staged-content.ts";
import type { ObjectAttributes, StoredObject } from "./stored-object.ts";

/** What is said of an object when its content is committed. */
export interface CommitOptions {
  readonly conditions?: Preconditions | undefined;
  /** Default: a content type by the name's extension. */
  readonly attributes?: ObjectAttributes | undefined;
  readonly componentCount?: number | undefined;
}

interface CommitPlan extends CommitOptions {
  readonly place: ObjectPlace;
  readonly current: StoredObject | undefined;
  readonly clock: GenerationClock;
}

/** Moves staged content to its object's place, after its sidecar where it needs one. */
export function commitContent(
  staged: StagedContent,
  key: ObjectKey,
  plan: CommitPlan,
): StoredObject {
  const generation = plan.clock.next(Number(plan.current?.generation ?? 0));
  setStamp(staged.file, generation);
  // A file system may keep coarser times than it is given.
  const stamp = stampOf(fs.fstatSync(staged.file));
  const sidecar = sidecarFor(staged, key.name, { ...plan, generation, stamp });
  if (sidecar !== undefined) writeSidecar(sidecarPath(key.bucketFolder, key.name, stamp), sidecar);
  const exclusive = plan.conditions?.ifGenerationMatch === "0";
  try {
    moveContent(staged, key, { to: plan.place.path, exclusive });
  } catch (error) {
    if (sidecar !== undefined) removeUnused(key, stamp);
    throw error;
  }
  const { stats } = plan.place;
  const stampBefore = stats === undefined ? stamp : stampOf(stats);
  if (stampBefore !== stamp) {
    removeSidecar(sidecarPath(key.bucketFolder, key.name, stampBefore));
  }
  return toObject(key, { stamp, size: staged.size, sidecar });
}

/** Removes the sidecar of content that has not become an object, unless it is by chance that of the one which has. */
function removeUnused({ bucketFolder, name }: ObjectKey, stamp: number): void {
  const { stats } = placeOfObject(bucketFolder, name);
  if (stats !== undefined && stampOf(stats) === stamp) return;
  removeSidecar(sidecarPath(bucketFolder, name, stamp));
}

function sidecarFor(
  staged: StagedContent,
  name: string,
  plan: CommitOptions & { readonly generation: number; readonly stamp: number },
): Sidecar | undefined {
  const { generation, stamp, attributes = {}, componentCount } = plan;
  const isPlain =
    generation === stamp && componentCount === undefined && areDefault(name, attributes);
  if (isPlain) return undefined;
  return {
    name,
    size: staged.size,
    ...(generation === stamp ? {} : { generation: String(generation) }),
    metageneration: "1",
    updated: new Date(generation / 1000).toISOString(),
    attributes,
    ...(staged.hashes === undefined ? {} : { hashes: staged.hashes }),
    ...(componentCount === undefined ? {} : { componentCount }),
  };
}

function moveContent(
  staged: StagedContent,
  key: ObjectKey,
  move: { readonly to: string; readonly exclusive: boolean },
): void {
  try {
    moveIntoPlace(staged.path, move.to, { ...move, bucketFolder: key.bucketFolder });
  } catch (error) {
    if (!failedWith(error, "EEXIST")) throw error;
    const uri = formatGsUri(key.bucket, key.name);
    const message = `${uri}: ifGenerationMatch does not hold, another process has just written it`;
    throw new StorageError(message, { reason: "preconditionFailed", uri }, { cause: error });
  }
  if (!move.exclusive) staged.close();
}
