import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const external =
  /<(?:script|img|link|iframe|source)\b[^>]*\s(?:src|href)="((?:https?:)?\/\/[^"]*)"/g;

/** What the pages of a folder would fetch from elsewhere, a line each: they are to be read offline. */
export function externalAssets(folder: string): string[] {
  return globSync("**/*.html", { cwd: folder }).flatMap((page) => {
    const html = readFileSync(join(folder, page), "utf8");
    return [...html.matchAll(external)].map(([, url]) => `${page} fetches ${url ?? ""}`);
  });
}
