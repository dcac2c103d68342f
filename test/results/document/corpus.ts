import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadJsonCodec, type JsonCodec } from "../../../src/protocol/json-codec.ts";
import type { ImageResponse } from "../../../src/results/response-types.ts";
import type { SucceededRecord } from "../../../src/results/result-record.ts";

/** A folder of real results, in files of several forms; tests of them run only where it is set. */
export const corpus = process.env["VISION_RESULTS_CORPUS"];

/** A response of the folder as a record, named for its file. */
export interface CorpusRecord {
  readonly name: string;
  readonly record: SucceededRecord;
}

/** The responses with text in a folder of results. */
export async function readCorpus(folder: string): Promise<CorpusRecord[]> {
  const codec = await loadJsonCodec("v1");
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) =>
    responsesIn(JSON.parse(readFileSync(join(folder, name), "utf8"))).map((json, index) => ({
      name,
      record: { status: "succeeded", index, uri: name, response: decode(codec, json) },
    })),
  );
}

function decode(codec: JsonCodec, json: object): ImageResponse {
  return codec.fromJson("google.cloud.vision.v1.AnnotateImageResponse", json, { enums: "name" });
}

const textFields = [
  "fullTextAnnotation",
  "textAnnotations",
  "full_text_annotation",
  "text_annotations",
];

function responsesIn(json: unknown): object[] {
  if (Array.isArray(json)) return json.flatMap(responsesIn);
  if (typeof json !== "object" || json === null) return [];
  if ("responses" in json) return responsesIn(json.responses);
  return textFields.some((field) => field in json) ? [json] : [];
}
