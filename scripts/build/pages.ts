import { build } from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { licencesOf } from "./bundled-licences.ts";

const root = join(import.meta.dirname, "../..");

/** The pages that are shipped. */
export const pages = ["report", "dashboard"] as const;

/** A page of pages/: the room of src/ of the same name hands it out. */
export type PageName = (typeof pages)[number];

/** Bundles every page into a folder. */
export async function buildPages(folder: string): Promise<void> {
  for (const page of pages) await buildPage(page, folder);
}

/** Bundles the script and the style of a page into a folder, e.g. `report.js` and `report.css`. */
export async function buildPage(page: PageName, folder: string): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`pages/${page}/${page}.tsx`, `pages/${page}/${page}.css`],
    outdir: folder,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022", "chrome111", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    write: false,
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of outputFiles) {
    const licences = path.endsWith(".js") ? licencesOf(Object.keys(metafile.inputs)) : "";
    writeFileSync(join(folder, basename(path)), licences + text);
  }
}
