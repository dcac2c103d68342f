import { textOf, type PlainJson } from "../plain-json.ts";
import { invalidArgument } from "../service-error.ts";
import type { Operation } from "./operation.ts";
import type { OperationStore } from "./operation-store.ts";

const pageSizes = { default: 100, max: 1000 } as const;

/** ListOperations: the newest first, cut into pages, filtered by parent and by `done`. */
export function listOperations(store: OperationStore, request: PlainJson): PlainJson {
  const size = pageSizeOf(request["pageSize"]);
  const olderThan = sequenceOf(request["pageToken"]);
  const prefix = prefixOf(request["name"]);
  const wanted = doneFilter(request["filter"]);
  const matching = store
    .list()
    .filter(
      (operation) =>
        operation.sequence < olderThan &&
        operation.name.startsWith(prefix) &&
        (wanted === undefined || operation.done === wanted),
    );
  const page = matching.slice(0, size);
  return {
    operations: page.map((operation) => operation.toJson()),
    ...(matching.length > size ? { nextPageToken: tokenAfter(page) } : {}),
  };
}

function tokenAfter(page: readonly Operation[]): string {
  return Buffer.from(`before ${page.at(-1)?.sequence ?? 0}`).toString("base64url");
}

function sequenceOf(token: unknown): number {
  const text = textOf(token);
  if (text === "") return Infinity;
  const match = /^before ([0-9]+)$/.exec(Buffer.from(text, "base64url").toString());
  if (match === null) throw refuse("pageToken", "The page token is not one of this service.");
  return Number(match[1]);
}

function pageSizeOf(pageSize: unknown): number {
  const size = Number(pageSize ?? 0);
  if (size < 0) throw refuse("pageSize", "The page size must not be negative.");
  return size === 0 ? pageSizes.default : Math.min(size, pageSizes.max);
}

/** `operations`, `projects/P`, `projects/P/locations/L`, with or without `/operations` at the end. */
function prefixOf(name: unknown): string {
  const parent = textOf(name).replace(/(^|\/)operations\/?$/, "");
  if (parent === "") return "";
  if (/^(projects\/[^/]+|(projects\/[^/]+\/)?locations\/[^/]+)$/.test(parent))
    return `${parent}/operations/`;
  throw refuse("name", `${JSON.stringify(name)} is not a parent of operations.`);
}

function doneFilter(filter: unknown): boolean | undefined {
  const text = textOf(filter).trim();
  if (text === "") return undefined;
  const match = /^done\s*[:=]\s*(true|false)$/i.exec(text);
  if (match === null) {
    throw refuse(
      "filter",
      `The filter ${JSON.stringify(text)} is not supported: use done=true or done=false.`,
    );
  }
  return match[1]?.toLowerCase() === "true";
}

function refuse(field: string, description: string): Error {
  return invalidArgument([{ field, description }]);
}
