import type { SubmitRecord } from "../../../src/emulator/index.ts";
import type { ChunkEvidence, Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";

/** What was accepted against what was decided: nothing is billed twice unnoticed. */
export function checkAccepted({ submits, chunks }: Evidence): readonly Violation[] {
  const byPrefix = Map.groupBy(submits, ({ outputPrefixes: [prefix = ""] }) => prefix);
  const problems = chunks.flatMap((each) => ofChunk(each, byPrefix));
  const known = new Set(chunks.flatMap(({ attempts }) => attempts.map(({ prefix }) => prefix)));
  for (const prefix of byPrefix.keys()) {
    if (known.has(prefix)) continue;
    problems.push({
      invariant: "an intent is written before the submit",
      message: `the service accepted ${prefix}, of which no attempt tells`,
    });
  }
  return problems;
}

function ofChunk(
  { chunk, attempts, events }: ChunkEvidence,
  byPrefix: ReadonlyMap<string, readonly SubmitRecord[]>,
): Violation[] {
  const problems: Violation[] = [];
  const report = (invariant: string, message: string): void => {
    problems.push({ invariant, message, chunk: chunk.number });
  };
  let total = 0;
  for (const { prefix, attempt, outcome, operation } of attempts) {
    const accepted = byPrefix.get(prefix) ?? [];
    total += accepted.length;
    const times = `attempt ${attempt} was accepted ${accepted.length} times`;
    if (accepted.length > 1) report("an attempt is sent once", times);
    if (outcome === "rejected" && accepted.length > 0) {
      report("what counts as rejected was not accepted", times);
    }
    if (outcome === "accepted" && accepted.length !== 1) {
      report("what counts as accepted was accepted", times);
    }
    if (operation !== undefined && operation.name !== accepted[0]?.operationName) {
      const other = accepted[0]?.operationName ?? "none";
      report("the operation is that of the attempt", `${operation.name}, not ${other}`);
    }
    if (accepted.some(({ inputCount }) => inputCount !== chunk.size)) {
      report("a request sends its chunk", `it had ${accepted[0]?.inputCount} of ${chunk.size}`);
    }
  }
  const resubmits = events.filter(({ type }) => type === "resubmitting").length;
  if (total > 1 + resubmits) {
    report(
      "accepted at most once, and once more for each decision to resubmit",
      `accepted ${total} times, with ${resubmits} decisions`,
    );
  }
  return problems;
}
