import type { FeatureName } from "../../protocol/message-init.ts";
import type { RequestOf } from "../../protocol/version-methods.ts";
import type { ResultSource } from "../../results/index.ts";
import type { Chunk } from "./job-plan.ts";

/** What is asked of every input of a job. */
export interface JobFeatures {
  readonly features: readonly { readonly type: FeatureName; readonly maxResults?: number }[];
  readonly languageHints: readonly string[];
  /** Responses in one shard; 0: the service's default. */
  readonly batchSize: number;
  /** Of v1 only; empty where none are given. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The request for a chunk of images. */
export function imagesRequest(
  { inputs }: Chunk,
  prefix: string,
  job: JobFeatures,
): RequestOf<"v1", "asyncBatchAnnotateImages"> {
  const { features, batchSize } = job;
  const context = contextOf(job);
  return {
    requests: inputs.map(({ uri }) => ({
      image: { source: { imageUri: uri } },
      features,
      ...context,
    })),
    outputConfig: { gcsDestination: { uri: prefix }, batchSize },
    ...labelsOf(job),
  };
}

/** The request for a chunk of documents: each writes under a prefix of its own, since shards are numbered per file. */
export function documentsRequest(
  { inputs }: Chunk,
  prefix: string,
  job: JobFeatures,
): RequestOf<"v1", "asyncBatchAnnotateFiles"> {
  const { features, batchSize } = job;
  const context = contextOf(job);
  return {
    requests: inputs.map(({ uri, mimeType = "" }, index) => ({
      inputConfig: { gcsSource: { uri }, mimeType },
      features,
      ...context,
      outputConfig: { gcsDestination: { uri: documentPrefix(prefix, index) }, batchSize },
    })),
    ...labelsOf(job),
  };
}

/** Where the results of a chunk are read; without a prefix, it was never submitted. */
export function resultSources(
  { kind, inputs }: Chunk,
  prefix: string | undefined,
  error: Error | undefined,
): readonly ResultSource[] {
  if (prefix === undefined || kind === "image") return [{ prefix, inputs, error }];
  return inputs.map((input, index) => ({
    prefix: documentPrefix(prefix, index),
    inputs: [input],
    error,
  }));
}

function documentPrefix(prefix: string, index: number): string {
  return `${prefix}${index}/`;
}

function contextOf({ languageHints }: JobFeatures): object {
  return languageHints.length === 0 ? {} : { imageContext: { languageHints } };
}

function labelsOf({ labels }: JobFeatures): object {
  return Object.keys(labels).length === 0 ? {} : { labels };
}
