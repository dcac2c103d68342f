/** A fenced block of code. */
export interface CodeBlock {
  /** The heading above it. */
  readonly heading: string;
  readonly language: string;
  readonly code: string;
  /** The line of its fence, from 1. */
  readonly line: number;
}

/** A link, by what it points at. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** What a Markdown file holds that can be checked. */
export interface Markdown {
  readonly blocks: readonly CodeBlock[];
  readonly headings: readonly string[];
  readonly links: readonly Link[];
}

const fence = /^(\s*)```(\S*)/;
const inlineCode = /`[^`]*`/g;
/** Inline links and pictures, and definitions of links. */
const link = /\]\(\s*<?([^\s)>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s+(\S+)/g;

/** Reads the headings, blocks of code and links of a Markdown file. */
export function parseMarkdown(text: string): Markdown {
  const found = { blocks: [] as CodeBlock[], headings: [] as string[], links: [] as Link[] };
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const [opening, indent = "", language = ""] = fence.exec(line) ?? [];
    if (opening !== undefined) {
      const end = lines.findIndex((each, index) => index > at && each.trim() === "```");
      if (end < 0) throw new Error(`the block of line ${at + 1} has no end`);
      const code = lines.slice(at + 1, end).map((each) => each.slice(indent.length));
      const heading = found.headings.at(-1) ?? "";
      found.blocks.push({ heading, language, code: `${code.join("\n")}\n`, line: at + 1 });
      at = end;
      continue;
    }
    const [, title] = /^#{1,6} +(.+?)\s*#*$/.exec(line) ?? [];
    if (title !== undefined) found.headings.push(title);
    for (const [, inline, defined] of line.replace(inlineCode, "``").matchAll(link)) {
      found.links.push({ target: inline ?? defined ?? "", line: at + 1 });
    }
  }
  return found;
}

/** The anchors of headings as GitHub makes them. */
export function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const base = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = base;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${base}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
