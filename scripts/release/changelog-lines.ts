/** A changeset, as far as it is read. */
interface Changeset {
  readonly summary: string;
}

/** The line of CHANGELOG.md that changesets write for a change; its further lines are indented below it. */
export function getReleaseLine({ summary }: Changeset): Promise<string> {
  const [first = "", ...others] = summary.trim().split("\n");
  return Promise.resolve([`- ${first}`, ...others.map((line) => `  ${line}`.trimEnd())].join("\n"));
}

/** There is one package, so none grows because another did. */
export function getDependencyReleaseLine(): Promise<string> {
  return Promise.resolve("");
}
