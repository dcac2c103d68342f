const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands in HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character] ?? "");
}

/** JSON that may stand in a script element: nothing in it ends the element or begins a comment. */
export function embeddableJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeAsUnicode);
}

/** A script that hands a chunk, as JSON in a string, to the page. */
export function chunkScript(name: string, json: string): string {
  const literal = json.replace(/[\\']/g, String.raw`\$&`);
  return `visionReport('${name}','${literal}')\n`;
}

function escapeAsUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
