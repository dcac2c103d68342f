import type { FeatureName } from "../protocol/message-init.ts";
import type { EventRecord, PriceTable, Run } from "../runs/index.ts";
import { costOf, googlePrices } from "../runs/prices.ts";
import type { CostFacts, RunFacts } from "./report-data.ts";

/** What is read of a run, whatever the version of the API. */
export type ReportedRun = Pick<Run, "id" | "options" | "events" | "snapshot">;

/** Options of {@link readRunFacts}. */
export interface RunFactsOptions {
  /** Default: Google's list prices. */
  readonly prices?: PriceTable | undefined;
}

/** Reads what a report tells of a run: when its requests ended, how long operations took, what it cost. */
export async function readRunFacts(
  run: ReportedRun,
  options: RunFactsOptions = {},
): Promise<RunFacts> {
  const ended: (readonly [atMs: number, inputs: number])[] = [];
  const latenciesMs: number[] = [];
  const acceptedMs = new Map<number, number>();
  for await (const event of run.events()) {
    const { type, chunk, atMs } = event;
    if (chunk === undefined) continue;
    if (type === "accepted") acceptedMs.set(chunk, atMs);
    const sinceMs = acceptedMs.get(chunk);
    if (type === "operationEnded" && sinceMs !== undefined) latenciesMs.push(atMs - sinceMs);
    if (type === "ended") ended.push([atMs, inputsOf(event)]);
  }
  const { state, createdMs, units, inputs } = await run.snapshot();
  ended.sort(([a], [b]) => a - b);
  return {
    ...{ id: run.id, state, startedMs: createdMs, open: inputs.open, ended, latenciesMs },
    cost: costFacts(units, featuresOf(run), options.prices ?? googlePrices),
  };
}

/** The inputs that came to an end with their chunk; those that a retry took over end there. */
function inputsOf({ data }: EventRecord): number {
  const { counts } = (data ?? {}) as { readonly counts?: Readonly<Record<string, number>> };
  return Object.entries(counts ?? {})
    .filter(([status]) => status !== "retried")
    .reduce((sum, [, count]) => sum + count, 0);
}

function featuresOf({ options }: ReportedRun): readonly FeatureName[] {
  const { features } = options as { readonly features: readonly { readonly type: FeatureName }[] };
  return [...new Set(features.map(({ type }) => type))];
}

function costFacts(units: number, features: readonly FeatureName[], prices: PriceTable): CostFacts {
  const { currency, amount, unpriced } = costOf(units, features, { prices });
  const byFeature = features.map((feature) => {
    const { freeWith } = prices.features[feature] ?? {};
    const isFree = freeWith !== undefined && features.includes(freeWith);
    return [feature, isFree ? 0 : costOf(units, [feature], { prices }).amount] as const;
  });
  return { currency, amount, units, unpriced, byFeature, prices: prices.source };
}
