import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from "chart.js";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { shade } from "./theme.ts";

Chart.register(
  ...[BarController, BarElement, LineController, LineElement, PointElement],
  ...[CategoryScale, LinearScale, Filler, Tooltip],
);

/** What a chart shows: a number for each name. */
export interface ChartData {
  readonly title: string;
  /** What the numbers count. */
  readonly unit: string;
  readonly names: readonly string[];
  /** `null`: not known, and a line is broken there. */
  readonly values: readonly (number | null)[];
  /** Default `columns`. */
  readonly form?: "columns" | "rows" | "line";
  /** Names of CSS variables, one for each name. Default: one for all. */
  readonly colors?: readonly string[];
}

/** A chart, and its numbers as a table for those who do not see it. It stays while its numbers change. */
export function ChartPane({ data }: { readonly data: ChartData }): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const redraw = useRef<() => void>(undefined);
  const shown = useRef(data);
  shown.current = data;
  const colors = shade.value;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const chart = new Chart(element, toConfiguration(shown.current, element));
    const draw = (): void => {
      Object.assign(chart.config, toConfiguration(shown.current, element));
      chart.update("none");
    };
    redraw.current = draw;
    return () => {
      redraw.current = undefined;
      chart.destroy();
    };
  }, []);
  useEffect(() => redraw.current?.(), [data, colors]);
  const height = data.form === "rows" ? 30 + data.names.length * 26 : 220;
  return (
    <figure class="chart">
      <figcaption>{data.title}</figcaption>
      <div class="canvas" style={{ height: `${height}px` }}>
        <canvas ref={canvas} role="img" aria-label={`Chart: ${data.title}`} />
      </div>
      <details>
        <summary>Numbers</summary>
        <table>
          <tbody>
            {data.names.map((name, place) => (
              <tr key={place}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                <td>{data.values[place]?.toLocaleString("en") ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function toConfiguration(data: ChartData, canvas: HTMLCanvasElement): ChartConfiguration {
  const { names, values, form = "columns", unit } = data;
  const style = getComputedStyle(canvas);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const fill = data.colors?.map(color) ?? color("--accent");
  const grid = { color: color("--line"), drawTicks: false };
  const ticks = { color: color("--soft"), font: { size: 12 } };
  const isLying = form === "rows";
  // What is counted has no steps between.
  const whole = values.every((value) => Number.isInteger(value ?? 0)) ? { precision: 0 } : {};
  const numbers = { beginAtZero: true, grid, ticks: { ...ticks, ...whole }, border: noBorder };
  const labels = {
    grid: { display: false },
    // Rows are all named; columns as far as their names stand beside each other.
    ticks: { ...ticks, ...(isLying ? { autoSkip: false } : { maxRotation: 0, maxTicksLimit: 10 }) },
    border: noBorder,
  };
  return {
    type: form === "line" ? "line" : "bar",
    data: {
      labels: names.map(shorten),
      datasets: [
        {
          ...{ data: [...values], label: unit },
          ...(form === "line"
            ? { borderColor: color("--accent"), backgroundColor: color("--accent-soft") }
            : { backgroundColor: fill, borderRadius: 4, maxBarThickness: isLying ? 20 : 44 }),
          ...(form === "line" ? { fill: true, pointRadius: 0, tension: 0 } : {}),
        },
      ],
    },
    options: {
      ...{ animation: false, responsive: true, maintainAspectRatio: false },
      indexAxis: isLying ? "y" : "x",
      scales: isLying ? { x: numbers, y: labels } : { x: labels, y: numbers },
      interaction: { mode: "index", intersect: false },
    },
  };
}

const longestName = 26;

/** A name that leaves room for what it names. */
function shorten(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
}

const noBorder = { display: false };
