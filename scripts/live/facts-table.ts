import { escapeForTerminal } from "../../src/cli/render/escape.ts";

const maxWidth = 120;
const minTextWidth = 40;

/** Keys to the left, texts to the right, wrapped at words; nothing in them can steer a terminal. */
export function factsTable(
  rows: readonly (readonly [key: string, text: string])[],
  columns = maxWidth,
): string {
  const keyWidth = Math.max(...rows.map(([key]) => key.length)) + 2;
  const textWidth = Math.max(minTextWidth, Math.min(columns, maxWidth) - keyWidth);
  const lines = rows.flatMap(([key, text]) =>
    wrap(escapeForTerminal(text), textWidth).map(
      (line, index) => `${(index === 0 ? key : "").padEnd(keyWidth)}${line}`,
    ),
  );
  return `${lines.join("\n")}\n`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
