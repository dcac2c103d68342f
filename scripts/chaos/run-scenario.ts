import type { RunSnapshot } from "../../src/index.ts";
import type { Crew } from "./crew.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./judge.ts";
import { Play, type Played } from "./play.ts";
import type { Scenario } from "./scenario.ts";
import { Stage } from "./stage.ts";
import { describeTrail } from "./trail.ts";
import type { Violation } from "./violation.ts";

/** How a run under chaos went. */
export interface ScenarioReport {
  readonly seed: number;
  readonly ms: number;
  readonly violations: readonly Violation[];
  /** What happened to the chunks of the violations, for a person to read. */
  readonly trail: string;
  /** Where journal and output are, where something is wrong with them. */
  readonly folder?: string;
  readonly processes: number;
  readonly blows: Crew["done"];
  /** Processes that gave up because another one held the journal while it was stopped. */
  readonly lockedOut: number;
  readonly accepted: number;
  readonly inputs: Partial<RunSnapshot["inputs"]>;
  /** Events of all chunks by type. */
  readonly events: Readonly<Record<string, number>>;
}

/** Lets a run happen, and tells which invariants it did not keep. */
export async function runScenario(
  scenario: Scenario,
  timeLimitMs: number,
): Promise<ScenarioReport> {
  const startMs = performance.now();
  const stage = await Stage.open(scenario);
  let played: Played;
  try {
    played = await new Play(stage, { scenario, timeLimitMs }).perform();
  } finally {
    await stage[Symbol.asyncDispose]();
  }
  const { evidence, isOver } = played;
  const found = evidence !== undefined && isOver ? judge(evidence) : [];
  const violations = [...played.violations, ...found];
  const isKept = violations.length > 0;
  if (!isKept) await stage.remove();
  return {
    ...{ seed: scenario.seed, ms: Math.round(performance.now() - startMs), violations },
    trail: isKept && evidence !== undefined ? describeTrail(violations, evidence) : "",
    ...(isKept ? { folder: stage.folder } : {}),
    ...{ processes: played.processes, blows: played.blows, lockedOut: played.lockedOut },
    ...(evidence === undefined ? { accepted: 0, inputs: {}, events: {} } : figuresOf(evidence)),
  };
}

function figuresOf({
  submits,
  snapshot,
  chunks,
}: Evidence): Pick<ScenarioReport, "accepted" | "inputs" | "events"> {
  const events: Record<string, number> = {};
  for (const { type } of chunks.flatMap((chunk) => chunk.events)) {
    events[type] = (events[type] ?? 0) + 1;
  }
  return { accepted: submits.length, inputs: snapshot.inputs, events };
}
