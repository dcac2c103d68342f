/** What is about to be released. */
export interface Release {
  /** The tag that is released, e.g. `v1.2.3`. */
  readonly tag: string;
  /** The version of package.json. */
  readonly version: string;
  /** The version that the package tells of itself. */
  readonly told: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
}

/** What keeps a release from being made; empty where nothing does. */
export function releaseProblems({ tag, version, told, changelog }: Release): readonly string[] {
  const sections = changelog.split(/^## /m).slice(1);
  const headed = (heading: RegExp): string | undefined =>
    sections
      .find((section) => heading.test(section))
      ?.replace(/^.*\n/, "")
      .trim();
  const entry = headed(new RegExp(`^${version.replaceAll(".", "\\.")} - \\d{4}-\\d\\d-\\d\\d\n`));
  return [
    ...(tag === `v${version}` ? [] : [`the tag is ${tag}, package.json has ${version}`]),
    ...(told === version ? [] : [`the package says that it is ${told}, package.json ${version}`]),
    ...(entry ? [] : [`CHANGELOG.md has nothing under "## ${version} - YYYY-MM-DD"`]),
    ...(headed(/^Unreleased\n/) ? ['CHANGELOG.md still has changes under "Unreleased"'] : []),
  ];
}
