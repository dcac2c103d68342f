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
  /** The files of changes in .changeset/. */
  readonly changesets: readonly string[];
  /** What package.json says of where the sources are, which the provenance of the package is held to. */
  readonly repository: unknown;
}

/** What keeps a release from being made; empty where nothing does. */
export function releaseProblems(release: Release): readonly string[] {
  const { tag, version, told, changelog, changesets, repository } = release;
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
    ...changesets.map((name) => `.changeset/${name} is not released: run \`npm run version\``),
    ...(hasUrl(repository)
      ? []
      : ["package.json does not say in `repository` where the sources are"]),
  ];
}

function hasUrl(repository: unknown): boolean {
  const url = (repository as { readonly url?: unknown } | undefined)?.url ?? repository;
  return typeof url === "string" && /^(git\+)?https:\/\/[^/]+\/[^/]+\/[^/]+/.test(url);
}
