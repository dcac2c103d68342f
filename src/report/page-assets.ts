import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { VisionBatchError } from "../errors/index.ts";

/** What the page of a report runs and looks by. */
export interface PageAssets {
  /** JavaScript, one file without imports. */
  readonly script: string;
  /** CSS. */
  readonly style: string;
}

/** Where the build puts it: beside this file, or in dist/ where this file is run as a source. */
const folders = ["assets", "../../dist/assets"];

/** Reads the script and the style of the page. @throws VisionBatchError where they were not built. */
export async function readPageAssets(): Promise<PageAssets> {
  const folder = folders
    .map((each) => join(import.meta.dirname, each))
    .find((each) => existsSync(join(each, "report.js")));
  if (folder === undefined) {
    throw new VisionBatchError("the page of reports was not built: run `npm run build`");
  }
  const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  return { script: await read("report.js"), style: await read("report.css") };
}

/** What a Content-Security-Policy names an inline script or style by. */
export function cspHash(content: string): string {
  return `'sha256-${createHash("sha256").update(content, "utf8").digest("base64")}'`;
}
