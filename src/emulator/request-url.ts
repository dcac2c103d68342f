/** The path of a request's URL, as it was sent: not decoded, and nothing in it resolved. */
export function pathOf(url = ""): string {
  return url.split("?", 1)[0] ?? "";
}

/** The query of a request's URL. */
export function queryOf(url = ""): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : url.slice(at + 1));
}
