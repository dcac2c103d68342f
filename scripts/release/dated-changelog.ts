/** A release to be written into CHANGELOG.md. */
export interface DatedRelease {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
}

const unreleased = /^## Unreleased\n/m;

/** Whether nothing was released yet: the text of the first release stands under "Unreleased". */
export function isBeforeFirstRelease(changelog: string): boolean {
  return unreleased.test(changelog);
}

/** Makes "Unreleased" the first release; lines that came later stand below the others. */
export function withFirstRelease(
  changelog: string,
  lines: readonly string[],
  { version, day }: DatedRelease,
): string {
  const headed = changelog.replace(unreleased, `## ${version} - ${day}\n`);
  return `${[headed.trimEnd(), ...lines].join("\n")}\n`;
}

/** Writes the day beside a version that changesets have put into the changelog without one. */
export function withDay(changelog: string, { version, day }: DatedRelease): string {
  const heading = new RegExp(`^## ${version.replaceAll(".", "\\.")}$`, "m");
  return changelog.replace(heading, `## ${version} - ${day}`);
}
