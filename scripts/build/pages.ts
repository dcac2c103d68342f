import { build, type Metafile } from "esbuild";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const root = join(import.meta.dirname, "../..");

const pages = ["report"] as const;

/** A page of pages/: the room of src/ of the same name hands it out. */
export type PageName = (typeof pages)[number];

/** Bundles every page into the folder of its room, e.g. `report/assets` below the one that is given. */
export async function buildPages(source: string): Promise<void> {
  for (const page of pages) await buildPage(page, join(source, page, "assets"));
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
    const licences = path.endsWith(".js") ? licencesOf(metafile) : "";
    writeFileSync(join(folder, basename(path)), licences + text);
  }
}

/** The licences of the packages in a bundle, which ask to go with every copy of them. */
function licencesOf({ inputs }: Metafile): string {
  const packages = Object.keys(inputs).flatMap(
    (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(packages)].sort().map(licenceOf).join("");
}

function licenceOf(name: string): string {
  const folder = join(root, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly version: string;
  };
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"]
    .map((each) => join(folder, each))
    .find((each) => existsSync(each));
  if (file === undefined) throw new Error(`${name} is bundled and has no licence beside it`);
  return `/*! ${name} ${version}\n${readFileSync(file, "utf8").trim().replaceAll("*/", "* /")}\n*/\n`;
}
