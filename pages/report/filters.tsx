import type { VNode } from "preact";
import { itemFeatures, type ItemFeature } from "../../src/report/report-data.ts";
import { statusNames } from "../shared/status-badge.tsx";
import { layerNames, layers, shownLayers, toggleLayer } from "./layers.ts";
import { summary } from "./report-store.ts";
import {
  clearFilters,
  featureFilter,
  filtersShown,
  isFiltered,
  scoreFilter,
  statusFilter,
  toggled,
} from "./view-state.ts";

/** The names of features as they are shown. */
export const featureNames: Readonly<Record<ItemFeature, string>> = {
  text: "Text",
  face: "Faces",
  object: "Objects",
  logo: "Logos",
  landmark: "Landmarks",
  crop_hint: "Crop hints",
  product: "Products",
  label: "Labels",
  safe_search: "Safe search",
  color: "Colors",
  web: "Web",
  error: "Error",
};

/** What is shown of the items, and what is drawn over them. */
export function Filters(): VNode {
  return (
    <aside class={filtersShown.value ? "filters shown" : "filters"} aria-label="Filters">
      <StatusFilter />
      <FeatureFilter />
      <ScoreFilter />
      <LayerChoice />
      {isFiltered.value && (
        <button type="button" class="plain" onClick={clearFilters}>
          Clear filters
        </button>
      )}
    </aside>
  );
}

function StatusFilter(): VNode {
  return (
    <fieldset>
      <legend>Status</legend>
      {summary.statuses.map((status, place) => {
        const count = summary.statusCounts[place] ?? 0;
        if (count === 0) return null;
        return (
          <Choice
            key={status}
            name={statusNames[status]}
            count={count}
            mark={`dot ${status}`}
            isOn={statusFilter.value.has(place)}
            onChange={() => {
              statusFilter.value = toggled(statusFilter.value, place);
            }}
          />
        );
      })}
    </fieldset>
  );
}

function FeatureFilter(): VNode | null {
  const present = itemFeatures.filter((_, place) => (summary.featureCounts[place] ?? 0) > 0);
  if (present.length === 0) return null;
  return (
    <fieldset>
      <legend>Has</legend>
      {present.map((feature) => (
        <Choice
          key={feature}
          name={featureNames[feature]}
          count={summary.featureCounts[itemFeatures.indexOf(feature)] ?? 0}
          isOn={featureFilter.value.has(feature)}
          onChange={() => {
            featureFilter.value = toggled(featureFilter.value, feature);
          }}
        />
      ))}
    </fieldset>
  );
}

function ScoreFilter(): VNode {
  const score = scoreFilter.value;
  return (
    <fieldset>
      <legend>Best score</legend>
      <label class="slider">
        <span>{score === 0 ? "any" : `at least ${score}%`}</span>
        <input
          type="range"
          min="0"
          max="100"
          step="5"
          value={score}
          aria-label="Least score, percent"
          onInput={({ currentTarget }) => {
            scoreFilter.value = Number(currentTarget.value);
          }}
        />
      </label>
    </fieldset>
  );
}

function LayerChoice(): VNode | null {
  const present = layers.filter((layer) => isPresent(layer === "word" ? "text" : layer));
  if (present.length === 0) return null;
  return (
    <fieldset>
      <legend>Boxes</legend>
      {present.map((layer) => (
        <Choice
          key={layer}
          name={layerNames[layer]}
          mark={`swatch ${layer}`}
          isOn={shownLayers.value.has(layer)}
          onChange={() => toggleLayer(layer)}
        />
      ))}
    </fieldset>
  );
}

function isPresent(feature: ItemFeature): boolean {
  return (summary.featureCounts[itemFeatures.indexOf(feature)] ?? 0) > 0;
}

interface ChoiceProps {
  readonly name: string;
  readonly count?: number;
  readonly mark?: string;
  readonly isOn: boolean;
  readonly onChange: () => void;
}

function Choice({ name, count, mark, isOn, onChange }: ChoiceProps): VNode {
  return (
    <label class="choice">
      <input type="checkbox" checked={isOn} onChange={onChange} />
      {mark !== undefined && <span class={mark} />}
      <span class="what">{name}</span>
      {count !== undefined && <span class="count">{count.toLocaleString("en")}</span>}
    </label>
  );
}
