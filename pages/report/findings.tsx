import type { Signal } from "@preact/signals";
import type { VNode } from "preact";
import type { ReportItem } from "../../src/report/report-data.ts";
import { layerNames } from "./layers.ts";

/** All that was found in an item beside its text. */
export function Findings(props: {
  readonly item: ReportItem;
  readonly lit: Signal<number>;
}): VNode {
  const { item, lit } = props;
  const { labels, regions, safeSearch, colors, web } = item;
  const hasNothing =
    item.text === undefined &&
    [labels, regions, safeSearch, colors, web, item.error].every((each) => each === undefined);
  return (
    <>
      {hasNothing && <p class="nothing">Nothing was found.</p>}
      {regions !== undefined && <Regions regions={regions} lit={lit} />}
      {labels !== undefined && (
        <div class="finding">
          <h3>Labels</h3>
          <ul class="bars">
            {labels.map(({ name, score }, place) => (
              <Bar key={place} name={name} score={score} />
            ))}
          </ul>
        </div>
      )}
      {safeSearch !== undefined && <SafeSearch levels={safeSearch} />}
      {colors !== undefined && <Colors colors={colors} />}
      {web !== undefined && <Web web={web} />}
    </>
  );
}

function Bar(props: { readonly name: string; readonly score: number | undefined }): VNode {
  const { name, score } = props;
  return (
    <li>
      <span class="what" dir="auto">
        {name}
      </span>
      {score !== undefined && (
        <>
          <span class="bar" aria-hidden="true">
            <span style={{ width: `${score}%` }} />
          </span>
          <span class="count">{score}%</span>
        </>
      )}
    </li>
  );
}

function Regions(props: {
  readonly regions: NonNullable<ReportItem["regions"]>;
  readonly lit: Signal<number>;
}): VNode {
  const { regions, lit } = props;
  return (
    <div class="finding">
      <h3>In the picture</h3>
      <ul class="regions" onPointerLeave={() => (lit.value = -1)}>
        {regions.map(({ kind, name, score }, place) => (
          <li
            key={place}
            class={lit.value === place ? "lit" : undefined}
            onPointerEnter={() => (lit.value = place)}
          >
            <span class={`swatch ${kind}`} />
            <span class="what" dir="auto">
              {name || layerNames[kind].replace(/s$/, "")}
            </span>
            <span class="note">{name === "" ? "" : layerNames[kind].replace(/s$/, "")}</span>
            {score !== undefined && <span class="count">{score}%</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

const likelihoods = ["VERY_UNLIKELY", "UNLIKELY", "POSSIBLE", "LIKELY", "VERY_LIKELY"];

function SafeSearch(props: { readonly levels: NonNullable<ReportItem["safeSearch"]> }): VNode {
  return (
    <div class="finding">
      <h3>Safe search</h3>
      <ul class="levels">
        {props.levels.map(([name, likelihood]) => {
          const level = likelihoods.indexOf(likelihood) + 1;
          return (
            <li key={name}>
              <span class="what">{name}</span>
              <span class={`level at-${level}`} aria-hidden="true">
                {likelihoods.map((each, place) => (
                  <span key={each} class={place < level ? "on" : ""} />
                ))}
              </span>
              <span class="note">{likelihood.toLowerCase().replaceAll("_", " ")}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Colors(props: { readonly colors: NonNullable<ReportItem["colors"]> }): VNode {
  return (
    <div class="finding">
      <h3>Colors</h3>
      <ul class="colors">
        {props.colors.map(({ color, score, fraction }, place) => (
          <li key={place}>
            <span class="sample" style={{ background: color }} />
            <code>{color}</code>
            <span class="note">
              {fraction !== undefined && `${share(fraction)} of the picture`}
            </span>
            {score !== undefined && <span class="count">{share(score)}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Nothing that was found is none of it. */
function share(percent: number): string {
  return percent === 0 ? "under 1%" : `${percent}%`;
}

function Web(props: { readonly web: NonNullable<ReportItem["web"]> }): VNode {
  return (
    <div class="finding">
      <h3>Web</h3>
      <ul class="web">
        {props.web.map(({ name, sort }, place) => (
          <li key={place}>
            <span class="note">{sort}</span>
            <span class="what" dir="auto">
              {name}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
