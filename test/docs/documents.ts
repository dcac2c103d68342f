import { glob, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Guide } from "./guide.ts";
import { parseMarkdown, type Markdown } from "./markdown.ts";

export const root = join(import.meta.dirname, "../..");

/** A Markdown file of the repository. */
export interface Document extends Markdown {
  /** Its path from the root. */
  readonly path: string;
}

const notOurs = ["node_modules", "dist", "temp", "coverage", ".git"];

/** All Markdown files of the repository, in the order of their paths. */
export async function documents(): Promise<readonly Document[]> {
  const found: Document[] = [];
  const exclude = notOurs.map((name) => `**/${name}`);
  for await (const path of glob("**/*.md", { cwd: root, exclude })) {
    found.push({ path, ...parseMarkdown(await readFile(join(root, path), "utf8")) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether the code of a document is run: the README and everything in docs/. */
export function isGuide({ path }: Document): boolean {
  return path === "README.md" || path.startsWith("docs/");
}

/** The name of a document in `expected/`: `runs` of docs/runs.md, `readme` of README.md. */
export function nameOf({ path }: Document): string {
  const inner = path.replace(/^docs\/(?!README)/, "").replaceAll("/", "-");
  return basename(inner, ".md").toLowerCase();
}

/** What the blocks of a document are expected to do; undefined where nobody said. */
export async function expectationsOf(document: Document): Promise<Guide | undefined> {
  const file = join(import.meta.dirname, "expected", `${nameOf(document)}.ts`);
  const there = await readFile(file).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  return ((await import(file)) as { readonly default: Guide }).default;
}
