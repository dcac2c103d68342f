import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { ThroughputPoint } from "../../src/dashboard/dashboard-data.ts";
import { ChartPane, type ChartData } from "../shared/chart-pane.tsx";
import { timeOfDay } from "./format.ts";
import { throughput } from "./live.ts";

const mostSteps = 60;
/** Points further apart were not sampled in between, unless they are old ones of a long time. */
const leastGapMs = 60_000;

/** How fast it went with what is looked at. */
export function ThroughputCharts(): VNode | null {
  const points = throughput.value;
  const charts = useMemo(() => chartsOf(points), [points]);
  if (charts.length === 0) return null;
  return (
    <div class="charts">
      {charts.map((data) => (
        <ChartPane key={data.title} data={data} />
      ))}
    </div>
  );
}

/** Two points between which it was watched. */
interface Span {
  readonly from: ThroughputPoint;
  readonly to: ThroughputPoint;
}

function chartsOf(points: readonly ThroughputPoint[]): readonly ChartData[] {
  const first = points[0]?.atMs;
  const last = points.at(-1)?.atMs;
  if (first === undefined || last === undefined || last - first < 2000) return [];
  const stepMs = Math.ceil((last - first) / mostSteps / 1000) * 1000;
  const steps = Math.ceil((last - first) / stepMs);
  const names = Array.from({ length: steps }, (_, step) => timeOfDay(first + step * stepMs));
  const gapMs = Math.max(leastGapMs, 3 * stepMs);
  const spans = points
    .slice(1)
    .map((to, place): Span => ({ from: points[place] ?? to, to }))
    .filter(({ from, to }) => to.atMs > from.atMs && to.atMs - from.atMs <= gapMs);
  const values = (rateOf: (span: Span) => number): (number | null)[] =>
    averages(spans, rateOf, { firstMs: first, stepMs, steps });
  const perSecond = (of: (point: ThroughputPoint) => number) => (span: Span) =>
    (1000 * Math.max(0, of(span.to) - of(span.from))) / (span.to.atMs - span.from.atMs);
  return [
    {
      ...{ title: "Inputs that ended a second", unit: "inputs a second", form: "line", names },
      values: values(perSecond(({ ended }) => ended)),
    },
    {
      ...{ title: "Inputs in processing", unit: "inputs", form: "line", names },
      values: values(({ from }) => from.inProcessing),
    },
    {
      ...{ title: "Requests a minute: submits and reads", unit: "requests a minute" },
      ...{ form: "line", names },
      values: values((span) => 60 * perSecond(({ submits, polls }) => submits + polls)(span)),
    },
  ];
}

/** The average of each step of time, weighed by how long it was so; `null` where nobody looked. */
function averages(
  spans: readonly Span[],
  rateOf: (span: Span) => number,
  grid: { readonly firstMs: number; readonly stepMs: number; readonly steps: number },
): (number | null)[] {
  const { firstMs, stepMs, steps } = grid;
  const sums = Array.from({ length: steps }, () => ({ sum: 0, ms: 0 }));
  for (const span of spans) {
    const value = rateOf(span);
    const [start, end] = [span.from.atMs - firstMs, span.to.atMs - firstMs];
    for (let step = Math.floor(start / stepMs); step * stepMs < end; step++) {
      const ms = Math.min(end, (step + 1) * stepMs) - Math.max(start, step * stepMs);
      const place = sums[step];
      if (place === undefined) continue;
      place.sum += value * ms;
      place.ms += ms;
    }
  }
  return sums.map(({ sum, ms }) => (ms === 0 ? null : Math.round((10 * sum) / ms) / 10));
}
