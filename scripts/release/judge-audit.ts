/** An advisory that does not concern the users of this package, for a reason, for a time. */
export interface AcceptedAdvisory {
  /** e.g. `https://github.com/advisories/GHSA-xxxx-xxxx-xxxx`. */
  readonly url: string;
  /** Why it does no harm here. */
  readonly reason: string;
  /** The day until which that is believed, `YYYY-MM-DD`; then it is looked at again. */
  readonly until: string;
}

/** What `npm audit --json` answers, as far as it is read. */
export interface AuditReport {
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      { readonly via: readonly (string | { readonly url: string; readonly title: string })[] }
    >
  >;
}

/** What is to be acted on: advisories that nobody has argued for, and arguments that are out of date or of no use. */
export function judgeAudit(
  { vulnerabilities = {} }: AuditReport,
  accepted: readonly AcceptedAdvisory[],
  today: string,
): readonly string[] {
  const found = new Map<string, string>();
  for (const [name, { via }] of Object.entries(vulnerabilities)) {
    for (const cause of via) {
      if (typeof cause === "object") found.set(cause.url, `${name}: ${cause.title} (${cause.url})`);
    }
  }
  const current = new Set(accepted.filter(({ until }) => until >= today).map(({ url }) => url));
  const open = [...found].filter(([url]) => !current.has(url)).map(([, text]) => text);
  const needless = accepted.filter(({ url }) => !found.has(url));
  return [...open, ...needless.map(({ url }) => `no longer needs to be accepted: ${url}`)];
}
