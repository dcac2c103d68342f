import { readResults } from "../../../src/results/index.ts";
import { collect } from "../collect.ts";
import type { LiveContext } from "../live-context.ts";
import type { Probe } from "../probe.ts";
import { describeEnd, endOf, follow, submitImages } from "../submit.ts";

/** What becomes of images that cannot be read, beside one that can. */
export const imageErrors: Probe = {
  key: "image-errors",
  question:
    "Which status has an image that is missing, broken, a document or forbidden, and how does the operation end that has a good one too?",
  units: 5,
  run: async (context) => {
    const images = imagesOf(context);
    const uris = [...images.values()];
    const prefix = context.output("image-errors");
    const handle = await submitImages(context, {
      purpose: "images that cannot be read",
      images: uris.map((uri) => ({ uri, feature: "IMAGE_PROPERTIES" })),
      prefix,
    });
    const end = endOf(await follow(context, handle));
    const statuses = await statusesOf(context, prefix, images);
    const seen = statuses.map(({ image, status, code }) => `${image}: ${code ?? status}`);
    return {
      observed: `${seen.join("; ")}; the operation ${describeEnd(end)}`,
      evidence: { operation: handle.name, ...end, statuses },
    };
  },
};

function imagesOf({ inputs, command }: LiveContext): ReadonlyMap<string, string> {
  const { picture, missing, broken, report } = inputs;
  const { forbidden } = command;
  return new Map([
    ["good", picture],
    ["missing", missing],
    ["broken", broken],
    ["document", report],
    ...(forbidden === undefined ? [] : [["forbidden", forbidden] as const]),
  ]);
}

interface ImageStatus {
  readonly image: string;
  readonly uri: string;
  readonly status: string;
  readonly code?: string;
  readonly message?: string;
}

async function statusesOf(
  { store, signal }: LiveContext,
  prefix: string,
  images: ReadonlyMap<string, string>,
): Promise<readonly ImageStatus[]> {
  const names = [...images.keys()];
  const records = readResults(store, { prefix, inputs: [...images.values()] }, { signal });
  return (await collect(records)).map((record) => {
    const error = "error" in record ? record.error : undefined;
    return {
      image: names[record.index] ?? "",
      ...{ uri: record.uri, status: record.status },
      ...(error !== undefined && "code" in error ? { code: error.code } : {}),
      ...(error === undefined ? {} : { message: error.message }),
    };
  });
}
