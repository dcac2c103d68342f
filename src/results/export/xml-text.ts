/** What XML 1.0 has no form for: control characters, and two code points that are no characters. */
const impossible = new RegExp("[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]", "g");

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/**
 * Escapes text for the content and the attributes of XML and HTML alike. What XML cannot hold,
 * halves of surrogate pairs too, becomes U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(impossible, "\ufffd")
    .replace(/[&<>"'\t\n\r]/g, (character) => escapes[character] ?? character);
}

/** Attributes that have a value, each after a space. */
export function xmlAttributes(
  attributes: Readonly<Record<string, string | number | undefined>>,
): string {
  let written = "";
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) written += ` ${name}="${escapeXml(String(value))}"`;
  }
  return written;
}
