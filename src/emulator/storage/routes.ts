/** The methods of the JSON API that are served, as its reference names them. */
export type StorageMethod =
  | "buckets.delete"
  | "buckets.get"
  | "buckets.insert"
  | "buckets.list"
  | "buckets.patch"
  | "buckets.update"
  | "objects.compose"
  | "objects.copy"
  | "objects.delete"
  | "objects.get"
  | "objects.insert"
  | "objects.list"
  | "objects.move"
  | "objects.patch"
  | "objects.rewrite"
  | "objects.update";

/** What a request's path names. */
export interface RouteNames {
  readonly bucket?: string;
  readonly object?: string;
  /** The destination of a copy. */
  readonly toBucket?: string;
  readonly toObject?: string;
}

/** Where a request goes. */
export interface Route extends RouteNames {
  /** Which method each HTTP verb calls; none for a path of the service that is not emulated. */
  readonly verbs: Readonly<Record<string, StorageMethod>>;
  /** Whether the path is one for content: of uploads, of downloads, or the public one. */
  readonly isContent: boolean;
}

/** Source: https://cloud.google.com/storage/docs/json_api/v1 */
const templates: Readonly<Record<string, Route["verbs"]>> = {
  "/b": { GET: "buckets.list", POST: "buckets.insert" },
  "/b/{bucket}": {
    GET: "buckets.get",
    PATCH: "buckets.patch",
    PUT: "buckets.update",
    DELETE: "buckets.delete",
  },
  "/b/{bucket}/o": { GET: "objects.list" },
  "/b/{bucket}/o/{object}": {
    GET: "objects.get",
    HEAD: "objects.get",
    PATCH: "objects.patch",
    PUT: "objects.update",
    DELETE: "objects.delete",
  },
  "/b/{bucket}/o/{object}/compose": { POST: "objects.compose" },
  "/b/{bucket}/o/{object}/copyTo/b/{toBucket}/o/{toObject}": { POST: "objects.copy" },
  "/b/{bucket}/o/{object}/rewriteTo/b/{toBucket}/o/{toObject}": { POST: "objects.rewrite" },
  "/b/{bucket}/o/{object}/moveTo/o/{toObject}": { POST: "objects.move" },
};
const uploadTemplates: typeof templates = {
  "/b/{bucket}/o": { POST: "objects.insert", PUT: "objects.insert", DELETE: "objects.insert" },
};
const downloadTemplates: typeof templates = {
  "/b/{bucket}/o/{object}": { GET: "objects.get", HEAD: "objects.get" },
};
const publicTemplates: typeof templates = {
  "/{bucket}/{object*}": { GET: "objects.get", HEAD: "objects.get" },
};

/** A path of the storage service at which nothing is emulated. */
const unknown: Route = { verbs: {}, isContent: false };

/**
 * Finds where a path goes; undefined for one that is not of the storage service. Metadata is at
 * `/storage/v1` and, as clients with STORAGE_EMULATOR_HOST have it, at the root.
 * @param isBucket tells whether `/<bucket>/<object>` is the public form of an object.
 */
export function findRoute(path: string, isBucket: (name: string) => boolean): Route | undefined {
  const upload = /^(?:\/resumable)?\/upload\/storage\/v1(\/.*)$/.exec(path);
  if (upload !== null) return match(uploadTemplates, upload[1] ?? "", true) ?? unknown;
  const download = /^\/download\/storage\/v1(\/.*)$/.exec(path);
  if (download !== null) return match(downloadTemplates, download[1] ?? "", true) ?? unknown;
  const own = /^(?:\/storage\/v1(?=\/)|(?=\/b(?:\/|$)))(\/.*)$/.exec(path);
  if (own !== null) return match(templates, own[1] ?? "", false) ?? unknown;
  const route = match(publicTemplates, path, true);
  return route?.bucket !== undefined && isBucket(route.bucket) ? route : undefined;
}

function match(among: typeof templates, path: string, isContent: boolean): Route | undefined {
  const segments = path.split("/");
  for (const [template, verbs] of Object.entries(among)) {
    const names = matchTemplate(template.split("/"), segments);
    if (names !== undefined) return { ...names, verbs, isContent };
  }
  return undefined;
}

function matchTemplate(
  template: readonly string[],
  segments: readonly string[],
): RouteNames | undefined {
  const takesRest = template.at(-1)?.endsWith("*}") ?? false;
  if (takesRest ? segments.length < template.length : segments.length !== template.length) {
    return undefined;
  }
  const names: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const name = /^\{(\w+)(\*?)\}$/.exec(part);
    const rest = name?.[2] === "*" ? segments.slice(index).join("/") : (segments[index] ?? "");
    const value = decode(rest);
    if (value === undefined || (name === null ? value !== part : value === "")) return undefined;
    if (name?.[1] !== undefined) names[name[1]] = value;
  }
  return names;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
