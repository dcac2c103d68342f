import { RpcError } from "../../../src/index.ts";
import type { LiveContext } from "../live-context.ts";
import { orderedImages } from "../ordered-images.ts";
import type { Probe } from "../probe.ts";
import { nameOf } from "../raw-calls.ts";

// Enough to find an operation of this minute where the newest come first.
const atMost = 200;

/** Whether operations can be listed. */
export const listOperations: Probe = {
  key: "list-operations",
  question: "Is ListOperations offered over gRPC, and under which names?",
  units: 0,
  shared: orderedImages,
  run: async (context) => {
    const { operation } = await context.share(orderedImages);
    const own = nameOf(operation);
    const evidence = await Promise.all(
      parentsOf(context).map((name) => listUnder(context, name, own)),
    );
    const answers = evidence.map(({ name, code, listed, hasOwn }) => {
      const what = code === "OK" ? `${listed} listed, ours ${hasOwn ? "among them" : "not"}` : code;
      return `${name}: ${what}`;
    });
    return { observed: answers.join("; "), evidence };
  },
};

function parentsOf({ command }: LiveContext): readonly string[] {
  const { project, location = "us" } = command.service;
  const parents = [`projects/${project}`, `projects/${project}/locations/${location}`];
  return ["operations", ...parents, ...parents.map((parent) => `${parent}/operations`)];
}

interface Listing {
  readonly name: string;
  readonly code: string;
  readonly message?: string;
  readonly listed: number;
  readonly hasOwn: boolean;
}

/** Only their number is kept of operations that are not ours. */
async function listUnder(
  { client, signal }: LiveContext,
  name: string,
  own: string,
): Promise<Listing> {
  let listed = 0;
  let hasOwn = false;
  try {
    for await (const handle of client.listOperations({ name, pageSize: 100, signal })) {
      listed += 1;
      hasOwn ||= handle.name === own;
      if (listed >= atMost) break;
    }
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { name, code: error.code, message: error.message, listed, hasOwn };
  }
  return { name, code: "OK", listed, hasOwn };
}
