import { open, rename, rm } from "node:fs/promises";
import type { PageAssets } from "./page-assets.ts";
import { dataBlock, fileHead, pageEnd } from "./page-html.ts";
import type { ReportTarget } from "./report-target.ts";

/** A report as one HTML file that needs no other. It appears when it is complete. */
export async function openFileTarget(
  path: string,
  { title, assets }: { readonly title: string; readonly assets: PageAssets },
): Promise<ReportTarget> {
  const draft = `${path}.${process.pid}.part`;
  const head = fileHead(title, assets);
  const file = await open(draft, "wx");
  const write = async (text: string): Promise<void> => {
    await file.appendFile(text);
  };
  try {
    await write(head);
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    picture: async (_name, content) =>
      `data:image/jpeg;base64,${Buffer.from(content).toString("base64")}`,
    chunk: (name, json) => write(dataBlock(name, json)),
    end: async (summary) => {
      await write(pageEnd(summary, { text: assets.script }));
      await close();
      await rename(draft, path);
    },
    discard: async () => {
      await close();
      await rm(draft, { force: true });
    },
  };
}
