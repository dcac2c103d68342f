import { mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { chunkScript } from "./escape-html.ts";
import type { PageAssets } from "./page-assets.ts";
import { folderHead, pageEnd } from "./page-html.ts";
import type { ReportTarget } from "./report-target.ts";

/** So many pictures lie in one folder, which file managers can still show. */
const picturesPerFolder = 2000;

/**
 * A report as a folder: `index.html`, its script and style, `data/` and `images/`. It appears when it is
 * complete, in the place of an empty folder or none.
 */
export async function openFolderTarget(place: string, assets: PageAssets): Promise<ReportTarget> {
  // Without a slash at its end, after which the draft would lie in it.
  const path = resolve(place);
  const draft = `${path}.${process.pid}.part`;
  await mkdir(join(draft, "data"), { recursive: true });
  let pictures = 0;
  let folder = "";
  return {
    picture: async (name, content) => {
      if (pictures++ % picturesPerFolder === 0) {
        folder = `images/${Math.floor(pictures / picturesPerFolder)}`;
        await mkdir(join(draft, folder), { recursive: true });
      }
      const source = `${folder}/${name}.jpg`;
      await writeFile(join(draft, source), content);
      return source;
    },
    chunk: (name, json) => writeFile(join(draft, "data", `${name}.js`), chunkScript(name, json)),
    end: async (summary) => {
      await writeFile(join(draft, "report.js"), assets.script);
      await writeFile(join(draft, "report.css"), assets.style);
      const page = folderHead(summary.title) + pageEnd(summary, { src: "report.js" });
      await writeFile(join(draft, "index.html"), page);
      await rmdir(path).catch(unlessAbsent);
      await rename(draft, path);
    },
    discard: () => rm(draft, { recursive: true, force: true }),
  };
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
