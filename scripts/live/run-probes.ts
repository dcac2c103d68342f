import type { LiveContext } from "./live-context.ts";
import { describeError } from "./describe-error.ts";
import type { Probe } from "./probe.ts";
import type { Fact } from "./report.ts";

/** Runs probes side by side, those that come last after the others; `onFact` is told of each as it ends. */
export async function runProbes(
  context: LiveContext,
  probes: readonly Probe[],
  onFact: (key: string, fact: Fact) => void,
): Promise<void> {
  for (const isLast of [false, true]) {
    const group = probes.filter(({ last = false }) => last === isLast);
    await Promise.all(
      group.map(async (probe) => {
        onFact(probe.key, await settle(context, probe));
      }),
    );
  }
}

async function settle(context: LiveContext, { question, run }: Probe): Promise<Fact> {
  try {
    context.signal.throwIfAborted();
    return { question, settled: true, ...(await run(context)) };
  } catch (error) {
    const described = describeError(error);
    const observed = `not settled: ${described.message}`;
    return { question, settled: false, observed, evidence: { error: described } };
  }
}
