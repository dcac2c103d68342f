import type { RunFacts } from "../report/index.ts";
import type { EventRecord, Run } from "../runs/index.ts";

/** Reads what a report tells of a run: when its requests ended, and how long operations took. */
export async function readRunFacts(run: Run): Promise<RunFacts> {
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
  const { state, createdMs, cost, units } = await run.snapshot();
  ended.sort(([a], [b]) => a - b);
  return {
    ...{ id: run.id, state, startedMs: createdMs, ended, latenciesMs },
    cost: { currency: cost.currency, amount: cost.amount, units },
  };
}

/** The inputs that came to an end with their chunk; those that a retry took over end there. */
function inputsOf({ data }: EventRecord): number {
  const { counts } = (data ?? {}) as { readonly counts?: Readonly<Record<string, number>> };
  return Object.entries(counts ?? {})
    .filter(([status]) => status !== "retried")
    .reduce((sum, [, count]) => sum + count, 0);
}
