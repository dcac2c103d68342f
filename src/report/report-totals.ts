import { resultStatuses } from "../results/index.ts";
import {
  itemFeatures,
  regionKinds,
  type ItemFeature,
  type ReportItem,
  type ReportSummary,
} from "./report-data.ts";

/** So many languages, labels and kinds of errors are counted apart; further ones are not. */
const namesCounted = 5000;
const namesShown = 20;

/** What is counted of the items of a report, in memory that does not grow with them. */
export class ReportTotals {
  readonly #statuses = resultStatuses.map(() => 0);
  readonly #features = itemFeatures.map(() => 0);
  readonly #languages = new Map<string, number>();
  readonly #labels = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #scores = { labels: tenSteps(), words: tenSteps(), regions: tenSteps() };
  #items = 0;
  #words = 0;
  #pictures = 0;

  /** Counts an item. */
  add(item: ReportItem): void {
    this.#items++;
    if (item.thumbnail !== undefined) this.#pictures++;
    bump(this.#statuses, resultStatuses.indexOf(item.status));
    for (const feature of featuresOf(item)) bump(this.#features, itemFeatures.indexOf(feature));
    for (const { name, score } of item.labels ?? []) {
      count(this.#labels, name);
      addScore(this.#scores.labels, score);
    }
    for (const { score } of item.regions ?? []) addScore(this.#scores.regions, score);
    if (item.error !== undefined) count(this.#errors, item.error.code);
    this.#addText(item);
  }

  /** What a summary tells of all items. */
  summary(): Omit<ReportSummary, "title" | "createdAt" | "sources" | "run"> {
    return {
      ...{ items: this.#items, words: this.#words, pictures: this.#pictures },
      ...{ statuses: resultStatuses, statusCounts: this.#statuses },
      featureCounts: this.#features,
      languages: mostFrequent(this.#languages),
      labels: mostFrequent(this.#labels),
      errors: mostFrequent(this.#errors),
      scores: this.#scores,
    };
  }

  #addText({ text }: ReportItem): void {
    if (text === undefined) return;
    const [language] = text.languages;
    if (language !== undefined) count(this.#languages, language);
    for (const { confidence } of packedWords(text.words)) {
      this.#words++;
      addScore(this.#scores.words, confidence < 0 ? undefined : confidence);
    }
  }
}

/** What an item has. */
export function featuresOf(item: ReportItem): readonly ItemFeature[] {
  const { text, regions = [], labels, safeSearch, colors, web, error } = item;
  const kinds = new Set(regions.map(({ kind }) => kind));
  return [
    ...(text === undefined ? [] : (["text"] as const)),
    ...regionKinds.filter((kind) => kinds.has(kind)),
    ...(labels === undefined ? [] : (["label"] as const)),
    ...(safeSearch === undefined ? [] : (["safe_search"] as const)),
    ...(colors === undefined ? [] : (["color"] as const)),
    ...(web === undefined ? [] : (["web"] as const)),
    ...(error === undefined ? [] : (["error"] as const)),
  ];
}

/** The highest score of an item in percent; -1 where it has none. */
export function topScore({ labels = [], regions = [], text }: ReportItem): number {
  const scores = [...labels, ...regions].map(({ score = -1 }) => score);
  return Math.max(-1, text?.confidence ?? -1, ...scores);
}

function* packedWords(words: readonly number[]): Generator<{ readonly confidence: number }> {
  for (let at = 0; at < words.length; at += 4 + (words[at + 3] ?? 0)) {
    yield { confidence: words[at + 2] ?? -1 };
  }
}

function tenSteps(): number[] {
  return Array.from({ length: 10 }, () => 0);
}

function addScore(steps: number[], percent: number | undefined): void {
  if (percent !== undefined) bump(steps, Math.min(9, Math.floor(percent / 10)));
}

function bump(counts: number[], place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}

function count(counts: Map<string, number>, name: string): void {
  if (counts.has(name) || counts.size < namesCounted) counts.set(name, (counts.get(name) ?? 0) + 1);
}

function mostFrequent(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, namesShown);
}
