import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { CostFacts, RunFacts } from "../../src/report/report-data.ts";
import { ChartPane } from "../shared/chart-pane.tsx";
import { summary } from "./report-store.ts";
import { clock, featureLabel, shownCharts } from "./summary-charts.ts";

/** What the report tells of all items together. */
export function SummaryView(): VNode {
  const charts = useMemo(shownCharts, []);
  return (
    <div class="summary">
      <ul class="facts">
        {factsOf().map(([name, value]) => (
          <li key={name}>
            <span class="value">{value}</span>
            <span class="note">{name}</span>
          </li>
        ))}
      </ul>
      <div class="charts">
        {charts.map((data) => (
          <ChartPane key={data.title} data={data} />
        ))}
      </div>
      <Notes />
    </div>
  );
}

function Notes(): VNode {
  const { createdAt, sources, run } = summary;
  const made = new Date(createdAt);
  return (
    <div class="note">
      <p>
        Made on {made.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}
        {sources.length > 0 && " of "}
        <bdi>{sources.join(", ")}</bdi>
      </p>
      {run === undefined && <p>Throughput, latency and cost are told of runs only.</p>}
      {run?.cost !== undefined && (
        <p>
          Prices: <bdi>{run.cost.prices}</bdi>, as if nothing else was billed in the month
        </p>
      )}
    </div>
  );
}

type Fact = readonly [name: string, value: string];

function factsOf(): readonly Fact[] {
  const { items, words, pictures, statusCounts, run } = summary;
  const complete = items === 0 ? 0 : Math.floor((1000 * (statusCounts[0] ?? 0)) / items) / 10;
  return [
    ["images and pages", items.toLocaleString("en")],
    ["succeeded", `${complete}%`],
    ["words read", words.toLocaleString("en")],
    ["with a picture", pictures.toLocaleString("en")],
    ...(run === undefined ? [] : runFacts(run)),
  ];
}

function runFacts({ id, state, startedMs, open, ended, cost }: RunFacts): readonly Fact[] {
  const lastMs = ended.at(-1)?.[0];
  return [
    [`run ${id}`, state],
    ...(open === 0 ? [] : ([["inputs without a result yet", open.toLocaleString("en")]] as const)),
    ...(lastMs === undefined
      ? []
      : ([["from start to last result", clock(lastMs - startedMs)]] as const)),
    ...(cost === undefined ? [] : costFacts(cost)),
  ];
}

function costFacts({ amount, currency, unpriced, units }: CostFacts): readonly Fact[] {
  const lacking = unpriced.map(featureLabel).join(", ");
  return [
    [
      lacking === "" ? "cost" : `cost, without ${lacking}: no known price`,
      `${amount.toFixed(2)} ${currency}`,
    ],
    ["billed images and pages", units.toLocaleString("en")],
  ];
}
