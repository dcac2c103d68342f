import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { VisionBatchError } from "../errors/index.ts";

/** A file that is served as it is. */
export interface ServedFile {
  readonly contentType: string;
  readonly content: string | Buffer;
}

/** What is not named here is not loaded, sent, framed or run. */
const policy = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "data:",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
  "require-trusted-types-for": "'script'",
  "trusted-types": "'none'",
};

/** The headers of every answer. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": Object.entries(policy)
    .map((each) => each.join(" "))
    .join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/** Of every page. */
export const htmlType = "text/html; charset=utf-8";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>vision-batch</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/dashboard.css">
</head>
<body>
<div id="app"></div>
<noscript>This page is drawn by a script, which this browser does not run.</noscript>
<script type="module" src="/assets/dashboard.js"></script>
</body>
</html>
`;

/** A page of a few words of HTML, for who may not see the other one. */
export function plainPage(body: string, head = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">${head}
<title>vision-batch</title>
<link rel="icon" href="data:,">
</head>
<body>
${body}
</body>
</html>
`;
}

/** Where the build puts the script and the style: beside this file, or in dist/ where this file is run as a source. */
const folders = ["assets", "../../dist/assets"];

/** Reads what is served beside data, by its path. @throws VisionBatchError where the page was not built. */
export async function readPage(assets?: string): Promise<ReadonlyMap<string, ServedFile>> {
  const folder = [
    ...(assets === undefined ? folders.map((each) => join(import.meta.dirname, each)) : [assets]),
  ].find((each) => existsSync(join(each, "dashboard.js")));
  if (folder === undefined) {
    throw new VisionBatchError("the page of the dashboard was not built: run `npm run build`");
  }
  const script = await readFile(join(folder, "dashboard.js"));
  const style = await readFile(join(folder, "dashboard.css"));
  return new Map([
    ["/", { contentType: htmlType, content: page }],
    ["/assets/dashboard.js", { contentType: "text/javascript; charset=utf-8", content: script }],
    ["/assets/dashboard.css", { contentType: "text/css; charset=utf-8", content: style }],
  ]);
}
