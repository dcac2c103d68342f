import type { ScenarioReport } from "./run-scenario.ts";

/** What many runs came to. */
export interface ChaosSummary {
  readonly count: number;
  readonly failed: readonly number[];
  readonly violations: number;
  readonly wallMs: number;
  readonly processes: number;
  readonly kills: number;
  readonly stops: number;
  readonly ends: number;
  readonly lockedOut: number;
  /** What was done to databases that workers share, by kind. */
  readonly database: Readonly<Record<string, number>>;
  /** Chunks of killed workers with which others went on. */
  readonly takeovers: number;
  readonly longestTakeoverMs: number;
  readonly accepted: number;
  /** Inputs by what became of them. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Events by type. */
  readonly events: Readonly<Record<string, number>>;
}

/** Adds the reports up. */
export function summarize(reports: readonly ScenarioReport[], wallMs: number): ChaosSummary {
  const sum = (count: (report: ScenarioReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    count: reports.length,
    failed: reports.filter(({ violations }) => violations.length > 0).map(({ seed }) => seed),
    violations: sum(({ violations }) => violations.length),
    wallMs: Math.round(wallMs),
    processes: sum(({ processes }) => processes),
    kills: sum(({ blows }) => blows.kill),
    stops: sum(({ blows }) => blows.stop),
    ends: sum(({ blows }) => blows.end),
    lockedOut: sum(({ lockedOut }) => lockedOut),
    database: addUp(reports.map(({ database }) => database)),
    takeovers: sum(({ takeovers }) => takeovers),
    longestTakeoverMs: Math.max(...reports.map(({ longestTakeoverMs }) => longestTakeoverMs)),
    accepted: sum(({ accepted }) => accepted),
    inputs: addUp(reports.map(({ inputs }) => inputs)),
    events: addUp(reports.map(({ events }) => events)),
  };
}

/** A line about a run; of one with violations all that helps to find out why. */
export function renderReport(report: ScenarioReport): string {
  const { seed, ms, violations, processes, blows, accepted, folder, trail, workers } = report;
  const { kill, stop, end } = blows;
  const struck = `${processes} processes, ${kill} killed, ${stop} stopped, ${end} ended`;
  const line = `seed ${seed}: ${(ms / 1000).toFixed(1)} s, ${struck}, ${accepted} accepted${tellDatabase(report)}`;
  if (violations.length === 0) return `${line}, ok\n`;
  const said = violations.map(({ invariant, message, chunk }) => {
    return `  VIOLATION ${invariant}${chunk === undefined ? "" : ` (chunk ${chunk})`}: ${message}`;
  });
  const shared = workers === undefined ? "" : ` --journal postgres --workers ${workers}`;
  const size = `--images ${report.images} --chunks ${report.chunks}`;
  const again = `npm run chaos --${shared} --seed ${seed} --runs 1 ${size}`;
  const where = `  again: ${again}; kept: ${folder ?? "nothing"}`;
  return [line, ...said, where, trail, ""].join("\n");
}

/** What was done to the database that workers share, and how long others took to go on. */
function tellDatabase(figures: {
  readonly database: Readonly<Record<string, number>>;
  readonly takeovers: number;
  readonly longestTakeoverMs: number;
}): string {
  const { database, takeovers, longestTakeoverMs } = figures;
  const done = Object.keys(database).length === 0 ? "" : `, database: ${tell(database)}`;
  const longest = (longestTakeoverMs / 1000).toFixed(1);
  return takeovers === 0 ? done : `${done}, ${takeovers} taken over within ${longest} s`;
}

/** What all came to. */
export function renderSummary(summary: ChaosSummary): string {
  const { count, violations, failed, wallMs, accepted, inputs, events } = summary;
  const { processes, kills, stops, ends, lockedOut } = summary;
  return [
    `${count} runs, ${violations} violations, ${(wallMs / 1000).toFixed(0)} s`,
    `${processes} processes: ${kills} killed, ${stops} stopped, ${ends} ended, ${lockedOut} locked out; ${accepted} submits accepted${tellDatabase(summary)}`,
    `inputs: ${tell(inputs)}`,
    `events: ${tell(events)}`,
    ...(failed.length === 0 ? [] : [`seeds with violations: ${failed.join(", ")}`]),
  ].join("\n");
}

function addUp(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of all.flatMap((each) => Object.entries(each))) {
    total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

function tell(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
