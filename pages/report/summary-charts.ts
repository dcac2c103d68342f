import type { CostFacts, RunFacts } from "../../src/report/report-data.ts";
import type { ChartData } from "../shared/chart-pane.tsx";
import { statusNames } from "../shared/status-badge.tsx";
import { summary } from "./report-store.ts";
import { languageName } from "./text-pane.tsx";

const steps = Array.from({ length: 10 }, (_, place) => `${place * 10}–${place * 10 + 10}`);

/** The charts that have anything to show. */
export function shownCharts(): readonly ChartData[] {
  return allCharts().filter(({ values }) => values.some((value) => Number(value) > 0));
}

function allCharts(): readonly ChartData[] {
  const { statuses, statusCounts, scores, languages, labels, errors, run } = summary;
  return [
    {
      ...{ title: "Images and pages by status", unit: "images", values: statusCounts },
      ...{ names: statuses.map((status) => statusNames[status]), form: "rows" },
      colors: statuses.map((status) => `--${status}`),
    },
    ...(run === undefined ? [] : runCharts(run)),
    listChart(
      "Languages",
      "pages",
      languages.map(([code, pages]) => [languageName(code), pages]),
    ),
    listChart("Labels", "images", labels),
    listChart("Errors", "images", errors),
    { title: "Confidence of words, percent", unit: "words", names: steps, values: scores.words },
    { title: "Scores of labels, percent", unit: "labels", names: steps, values: scores.labels },
    { title: "Scores of boxes, percent", unit: "boxes", names: steps, values: scores.regions },
  ];
}

function listChart(
  title: string,
  unit: string,
  list: readonly (readonly [name: string, count: number])[],
): ChartData {
  return {
    ...{ title, unit, form: "rows" },
    names: list.map(([name]) => name),
    values: list.map(([, count]) => count),
  };
}

const throughputSteps = 40;

/** How much ended in each stretch of a run, how long its operations took, and what it cost. */
function runCharts({ startedMs, ended, latenciesMs, cost }: RunFacts): readonly ChartData[] {
  const last = ended.at(-1)?.[0] ?? startedMs;
  const stepMs = Math.max(1000, Math.ceil((last - startedMs) / throughputSteps / 1000) * 1000);
  const count = Math.floor(Math.max(0, last - startedMs) / stepMs) + 1;
  const values = Array.from({ length: count }, () => 0);
  for (const [atMs, inputs] of ended) {
    const place = Math.max(0, Math.floor((atMs - startedMs) / stepMs));
    values[place] = (values[place] ?? 0) + inputs;
  }
  return [
    {
      ...{ title: "Throughput: inputs that ended a second", unit: "inputs a second", form: "line" },
      names: values.map((_, place) => clock(place * stepMs)),
      values: values.map((value) => Math.round((10_000 * value) / stepMs) / 10),
    },
    latencyChart(latenciesMs),
    ...(cost === undefined ? [] : [costChart(cost)]),
  ];
}

function costChart({ byFeature, currency }: CostFacts): ChartData {
  const title = `Cost by feature, ${currency}`;
  return listChart(
    title,
    currency,
    byFeature.map(([feature, amount]) => [featureLabel(feature), amount]),
  );
}

/** Steps that double: latencies lie between a second and hours. */
function latencyChart(latenciesMs: readonly number[]): ChartData {
  const bounds = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, Infinity];
  const values = bounds.map(() => 0);
  for (const ms of latenciesMs) {
    const place = bounds.findIndex((bound) => ms / 1000 <= bound);
    values[place] = (values[place] ?? 0) + 1;
  }
  const first = values.findIndex((value) => value > 0);
  const end = values.findLastIndex((value) => value > 0) + 1;
  const names = bounds.map((bound, place) =>
    bound === Infinity
      ? `over ${clock((bounds[place - 1] ?? 0) * 1000)}`
      : `to ${clock(bound * 1000)}`,
  );
  return {
    ...{ title: "How long operations took", unit: "operations" },
    names: names.slice(Math.max(0, first), end),
    values: values.slice(Math.max(0, first), end),
  };
}

/** A time in the unit that suits it. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 6) / 10} min`;
  return `${Math.round(seconds / 360) / 10} h`;
}

/** A feature as it is shown: `TEXT_DETECTION` is text detection. */
export function featureLabel(feature: string): string {
  return feature.toLowerCase().replaceAll("_", " ");
}
