import { SubmitError } from "../../../src/index.ts";
import { describeError, type DescribedError } from "../describe-error.ts";
import type { LiveContext } from "../live-context.ts";
import type { Probe } from "../probe.ts";
import { readRawShards, type RawShard } from "../raw-shards.ts";
import {
  describeEnd,
  endOf,
  follow,
  submitImages,
  type Ending,
  type ImagesJob,
} from "../submit.ts";

/** What ends an operation as a whole. */
export const operationErrors: Probe = {
  key: "operation-errors",
  question:
    "How do operations end whose every image is missing, or whose output bucket does not exist?",
  units: 2,
  run: async (context) => {
    const { inputs } = context;
    const onlyMissing = run(context, "every image missing", {
      uri: inputs.missing,
      prefix: context.output("only-missing"),
    });
    const noBucket = run(context, "no output bucket", {
      uri: inputs.picture,
      prefix: absentBucketPrefix(context),
    });
    const evidence = await Promise.all([onlyMissing, noBucket]);
    return {
      observed: evidence.map(({ what, outcome }) => `${what}: ${outcome}`).join("; "),
      evidence,
    };
  },
};

/** An output prefix in a bucket that nobody has; an emulator may make it. */
export function absentBucketPrefix({ runId }: { readonly runId: string }): string {
  return `gs://vision-batch-live-absent-${runId}/`;
}

async function run(
  context: LiveContext,
  what: string,
  { uri, prefix }: { readonly uri: string; readonly prefix: string },
): Promise<Outcome> {
  const images: ImagesJob["images"] = [{ uri, feature: "IMAGE_PROPERTIES" }];
  try {
    const handle = await submitImages(context, { purpose: what, images, prefix });
    const ending = endOf(await follow(context, handle));
    const shards = ending.end === "succeeded" ? await readRawShards(context, prefix) : [];
    return { what, outcome: describeEnd(ending), operation: handle.name, ...ending, shards };
  } catch (error) {
    if (!(error instanceof SubmitError) || error.outcome !== "rejected") throw error;
    return { what, outcome: `refused with ${error.code}`, error: describeError(error) };
  }
}

interface Outcome extends Partial<Ending> {
  readonly what: string;
  readonly outcome: string;
  readonly operation?: string;
  readonly shards?: readonly RawShard[];
  /** Of the submit. */
  readonly error?: DescribedError;
}
