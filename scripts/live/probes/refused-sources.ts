import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "../../../src/protocol/json-codec.ts";
import type { LiveContext } from "../live-context.ts";
import type { Probe } from "../probe.ts";
import { nameOf } from "../raw-calls.ts";
import { readRawShards } from "../raw-shards.ts";
import { endOf, follow, type Ending } from "../submit.ts";

// A public sample of the service's own documentation, so that only the scheme can be at fault.
const publicImage = "https://storage.googleapis.com/cloud-samples-data/vision/text/screen.jpg";
const samples = join(import.meta.dirname, "../../../examples/inputs");

/** Whether the service takes sources other than gs:// in asynchronous requests. */
export const refusedSources: Probe = {
  key: "refused-sources",
  question:
    "Does an asynchronous request with an https source or with content fail, and with what?",
  units: 5,
  run: async (context) => {
    const evidence = await Promise.all(
      (await requestsOf(context)).map((request) => send(context, request)),
    );
    const answers = evidence.map(({ source, code, end }) => {
      return `${source}: ${end !== undefined ? `accepted, ${end.end}` : code}`;
    });
    return { observed: answers.join("; "), evidence };
  },
};

interface RawRequest {
  readonly source: string;
  readonly method: "asyncBatchAnnotateImages" | "asyncBatchAnnotateFiles";
  readonly request: JsonObject;
  readonly prefix: string;
}

/** The client refuses all of these, so they go past it. */
async function requestsOf(context: LiveContext): Promise<readonly RawRequest[]> {
  const [picture = "", report = ""] = await Promise.all(
    ["receipt.png", "report.pdf"].map((name) => readFile(join(samples, name), "base64")),
  );
  const image = (source: string, fields: JsonObject): RawRequest => {
    const { prefix, outputConfig } = outputOf(context, source);
    const request = { image: fields, features: [{ type: "IMAGE_PROPERTIES" }] };
    const method = "asyncBatchAnnotateImages";
    return { source, method, prefix, request: { requests: [request], outputConfig } };
  };
  const { prefix, outputConfig } = outputOf(context, "file content");
  const file = {
    inputConfig: { content: report, mimeType: "application/pdf" },
    features: [{ type: "DOCUMENT_TEXT_DETECTION" }],
    outputConfig,
  };
  return [
    image("https image", { source: { imageUri: publicImage } }),
    image("image content", { content: picture }),
    {
      ...{ source: "file content", method: "asyncBatchAnnotateFiles", prefix },
      request: { requests: [file] },
    },
  ];
}

function outputOf(context: LiveContext, source: string) {
  const prefix = context.output(`refused/${source.replaceAll(" ", "-")}`);
  return { prefix, outputConfig: { gcsDestination: { uri: prefix }, batchSize: 20 } };
}

interface Sent {
  readonly source: string;
  readonly code: string;
  readonly message?: string;
  readonly operation?: string;
  readonly end?: Ending;
  readonly shards?: unknown;
}

async function send(
  context: LiveContext,
  { source, method, request, prefix }: RawRequest,
): Promise<Sent> {
  const answer = await context.raw.annotate(method, request, context.signal);
  if (answer.code !== "OK") return { source, ...answer };
  const operation = nameOf(answer.response);
  context.operations.add(operation, `${source}, against the documentation`);
  const event = await follow(context, context.client.operation(operation));
  const shards = await readRawShards(context, prefix);
  return { source, code: answer.code, operation, end: endOf(event), shards };
}
