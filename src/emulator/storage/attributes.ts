import type { ObjectAttributes } from "../../storage/stored-object.ts";
import { badRequest } from "./api-error.ts";

type Kind = "text" | "flag" | "texts" | "other";

/** The fields of an object's resource that a client may set. */
const writableFields: Readonly<Record<keyof ObjectAttributes, Kind>> = {
  contentType: "text",
  contentEncoding: "text",
  contentLanguage: "text",
  contentDisposition: "text",
  cacheControl: "text",
  customTime: "text",
  storageClass: "text",
  metadata: "texts",
  eventBasedHold: "flag",
  temporaryHold: "flag",
  acl: "other",
  contexts: "other",
  retention: "other",
};

/** The attributes that a resource in a request sets; other fields of it are ignored, as the service does. */
export function attributesOf(resource: Readonly<Record<string, unknown>>): ObjectAttributes {
  return applied({}, resource);
}

/** Attributes after a patch: null removes a field, and in `metadata` an entry. */
export function patchedAttributes(
  before: ObjectAttributes,
  patch: Readonly<Record<string, unknown>>,
): ObjectAttributes {
  return applied(before, patch);
}

function applied(
  before: ObjectAttributes,
  changes: Readonly<Record<string, unknown>>,
): ObjectAttributes {
  const after: Record<string, unknown> = { ...before };
  for (const [field, kind] of Object.entries(writableFields)) {
    const value = changes[field];
    if (value === undefined) continue;
    const next = kind === "texts" ? patchedTexts(before.metadata, value) : checked(field, value);
    if (next === null) delete after[field];
    else after[field] = next;
  }
  return after;
}

function checked(field: string, value: unknown): unknown {
  const kind = writableFields[field as keyof ObjectAttributes];
  const isRight =
    value === null ||
    kind === "other" ||
    (kind === "flag" ? typeof value === "boolean" : isHeaderText(value));
  if (!isRight) throw badRequest(`Invalid value for ${field}: ${JSON.stringify(value)}`);
  return value === "" ? null : value;
}

/** Text attributes go out as headers, which hold no control characters. */
function isHeaderText(value: unknown): boolean {
  return typeof value === "string" && !/\p{Cc}/u.test(value);
}

function patchedTexts(
  before: Readonly<Record<string, string>> | undefined,
  patch: unknown,
): Readonly<Record<string, string>> | null {
  if (patch === null) return null;
  if (typeof patch !== "object" || Array.isArray(patch)) throw badRequest("metadata is no object");
  const after: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete after[key];
    else after[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return Object.keys(after).length === 0 ? null : after;
}
