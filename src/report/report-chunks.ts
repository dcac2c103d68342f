import { resultStatuses } from "../results/index.ts";
import { embeddableJson } from "./escape-html.ts";
import {
  chunkName,
  featureBits,
  itemsPerChunk,
  type ChunkKind,
  type IndexChunk,
  type ReportItem,
} from "./report-data.ts";
import type { ReportTarget } from "./report-target.ts";
import { featuresOf, topScore } from "./report-totals.ts";

interface IndexRow {
  readonly uri: string;
  readonly page: number;
  readonly status: number;
  readonly features: number;
  readonly score: number;
}

/** Writes items to the chunks of a report; as many wait as one chunk of each kind holds. */
export class ReportChunks {
  readonly #target: ReportTarget;
  readonly #items: ReportItem[] = [];
  readonly #rows: IndexRow[] = [];
  readonly #texts: string[] = [];
  readonly #written: Record<ChunkKind, number> = { items: 0, index: 0, text: 0 };

  constructor(target: ReportTarget) {
    this.#target = target;
  }

  /** Adds an item. */
  async add(item: ReportItem): Promise<void> {
    this.#items.push(item);
    this.#rows.push({
      ...{ uri: item.uri, page: item.page ?? 0, score: topScore(item) },
      status: resultStatuses.indexOf(item.status),
      features: featureBits(featuresOf(item)),
    });
    this.#texts.push(searchedText(item));
    await this.#flush((kind, waiting) => waiting >= itemsPerChunk[kind]);
  }

  /** Writes what still waits. */
  async end(): Promise<void> {
    await this.#flush((_kind, waiting) => waiting > 0);
  }

  async #flush(isDue: (kind: ChunkKind, waiting: number) => boolean): Promise<void> {
    if (isDue("items", this.#items.length)) await this.#write("items", this.#items.splice(0));
    if (isDue("index", this.#rows.length)) {
      await this.#write("index", toColumns(this.#rows.splice(0)));
    }
    if (isDue("text", this.#texts.length)) await this.#write("text", this.#texts.splice(0));
  }

  async #write(kind: ChunkKind, content: unknown): Promise<void> {
    const name = chunkName(kind, this.#written[kind]++);
    await this.#target.chunk(name, embeddableJson(content));
  }
}

/** Everything of an item that one may look for, beside its URI. */
function searchedText(item: ReportItem): string {
  const { name, text, regions = [], labels = [], web = [], error } = item;
  const names = [...labels, ...regions, ...web].map((found) => found.name);
  const parts = [name, text?.text, ...names, error?.code, error?.message];
  return parts.filter((part) => part !== undefined && part !== "").join("\n");
}

function toColumns(rows: readonly IndexRow[]): IndexChunk {
  return {
    uris: rows.map(({ uri }) => uri),
    pages: rows.map(({ page }) => page),
    statuses: rows.map(({ status }) => status),
    features: rows.map(({ features }) => features),
    scores: rows.map(({ score }) => score),
  };
}
