import type { ScanFault } from "./scan/scan-fault.ts";

/** A response of a shard, not decoded yet. */
export interface ShardItem {
  /** Its number by the shard's name, from 1: in the request for images, in the file for a file; 0 where a file as a whole failed. */
  readonly number: number;
  /** The file that the shard is of; undefined in a shard of images. */
  readonly fileUri: string | undefined;
  /** Undefined where it cannot be read. */
  readonly response: unknown;
  /** Why it cannot be read. */
  readonly fault?: ScanFault;
  /** How large its JSON is, about; without what a mask leaves out. */
  readonly bytes: number;
  /** Whether a mask leaves out what is set in it. */
  readonly hasMore: boolean;
  /** The byte at which it begins in the uncompressed shard. */
  readonly offset: number;
}

/** What a shard holds beside its responses. */
export interface ShardEnvelope {
  /** The file that the shard is of. */
  readonly fileUri?: string;
  /** Why a file failed as a whole. */
  readonly fileError?: unknown;
}

/** Reads the envelope of a shard, plain or as other clients dump it. */
export function toEnvelope(content: unknown): ShardEnvelope {
  if (!isObject(content)) return {};
  const inputConfig = content["inputConfig"] ?? content["input_config"];
  if (!isObject(inputConfig)) return {};
  const source = inputConfig["gcsSource"] ?? inputConfig["gcs_source"];
  const fileUri = isObject(source) && typeof source["uri"] === "string" ? source["uri"] : "";
  const { error } = content;
  return isObject(error) ? { fileUri, fileError: error } : { fileUri };
}

/** Any object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
