import { badRequest } from "./api-error.ts";

const parts = /\*\*|\*|\?|\[[!^]?[^\]]*\]|[{},]|\\.|[^*?[{},\\]+|\[|\\/gsu;

/**
 * The expression for the `matchGlob` parameter: `*` and `?` stay within a folder, `**` does not, `[abc]`, `[!a-c]`, `{one,two}`.
 * Source: https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob
 * @throws ApiError 400 for a glob that is not well formed.
 */
export function globExpression(glob: string): RegExp {
  let depth = 0;
  const source = [...glob.matchAll(parts)].map(([part]) => {
    if (part === "{") depth += 1;
    if (part === "}") depth -= 1;
    return partExpression(part, depth);
  });
  try {
    if (depth !== 0) throw new SyntaxError("unbalanced braces");
    return new RegExp(`^${source.join("")}$`, "su");
  } catch {
    throw badRequest(`Invalid value for matchGlob: ${glob}`);
  }
}

function partExpression(part: string, depth: number): string {
  if (part === "**") return ".*";
  if (part === "*") return "[^/]*";
  if (part === "?") return "[^/]";
  if (part === "{") return "(?:";
  if (part === "}") return ")";
  if (part === ",") return depth > 0 ? "|" : ",";
  if (part.length > 2 && part.startsWith("[")) return part.replace(/^\[!/, "[^");
  return escaped(part.startsWith("\\") && part.length > 1 ? part.slice(1) : part);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
