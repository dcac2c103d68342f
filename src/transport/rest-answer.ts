import { versionOfType } from "../protocol/method-table.ts";
import { loadJsonCodec } from "../protocol/json-codec.ts";
import { typeNameOf } from "../protocol/status.ts";
import { messageOf } from "./grpc-failure.ts";
import { readBody } from "./rest-body.ts";
import type { HttpAnswer } from "./rest-client.ts";
import { RestError } from "./rest-failure.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** More than 16 images at once can bring; what is larger is not what was asked for. */
const maxAnswerBytes = 256 * 1024 * 1024;
const shownCharacters = 200;

/**
 * Reads the body of an answer as a message.
 * @throws RestError INTERNAL where it is none; what breaks while it is read.
 */
export async function decodeAnswer(typeName: string, { body }: HttpAnswer): Promise<object> {
  const read = await readBody(body, maxAnswerBytes);
  if (!read.isWhole) throw new RestError("INTERNAL", `the answer is over ${maxAnswerBytes} bytes`);
  const { text } = read;
  try {
    return await decode(typeName, JSON.parse(text));
  } catch (cause) {
    const beginning = text.slice(0, shownCharacters) || "an empty body";
    const problem = `the answer cannot be read as ${typeName} (${messageOf(cause)}): ${beginning}`;
    throw new RestError("INTERNAL", problem, { cause });
  }
}

async function decode(typeName: string, json: unknown): Promise<object> {
  if (typeName === "google.longrunning.Operation") return decodeOperation(json);
  const codec = await loadJsonCodec(versionOfType(typeName) ?? "v1");
  if (typeName !== "google.longrunning.ListOperationsResponse" || !isObject(json)) {
    return codec.fromJson(typeName, json);
  }
  const { operations, ...page } = json;
  const read = Array.isArray(operations) ? operations.map(decodeOperation) : [];
  return { ...codec.fromJson(typeName, page), operations: await Promise.all(read) };
}

/** An operation of any version can be asked for by any client, and only its parts tell which it is of. */
async function decodeOperation(json: unknown): Promise<object> {
  const parts = isObject(json) ? [json["metadata"], json["response"]] : [];
  const versions = parts.map((part) => {
    const typeUrl = isObject(part) ? part["@type"] : undefined;
    return typeof typeUrl === "string" ? versionOfType(typeNameOf(typeUrl)) : undefined;
  });
  const codec = await loadJsonCodec(versions.find((version) => version !== undefined) ?? "v1");
  return codec.fromJson("google.longrunning.Operation", json);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
