/** The URL of a journal as it is shown and proposed: without the password, which PGPASSWORD or a password file tells as well. */
export function shownJournal(url: string): string {
  if (!/^postgres(ql)?:/.test(url)) return url;
  return url
    .replace(/^(\w+:\/\/[^:/?#@]*):.*@/s, "$1@")
    .replaceAll(/(?<=[?&])password=[^&]*&?/g, "")
    .replace(/[?&]$/, "");
}
