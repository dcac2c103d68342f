import type { RunSnapshot } from "../../src/index.ts";
import type { Crew } from "./crew.ts";
import type { Evidence } from "./evidence.ts";
import { takeoversOf } from "./invariants/takeovers.ts";
import { judge } from "./judge.ts";
import { Play, type Played } from "./play.ts";
import type { DatabaseBlows } from "./run-database.ts";
import type { Scenario } from "./scenario.ts";
import { Stage } from "./stage.ts";
import { describeTrail } from "./trail.ts";
import type { Violation } from "./violation.ts";

/** How a run under chaos went. */
export interface ScenarioReport {
  readonly seed: number;
  /** How many shared the run, where workers did. */
  readonly workers?: number;
  readonly images: number;
  readonly chunks: number;
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
  /** What was done to the database that workers share. */
  readonly database: DatabaseBlows;
  /** Chunks of killed workers with which others went on. */
  readonly takeovers: number;
  /** How long the one that waited longest had to, in milliseconds; 0 where there was none. */
  readonly longestTakeoverMs: number;
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
    ...(scenario.workers === undefined ? {} : { workers: scenario.workers.count }),
    ...{ images: scenario.images, chunks: Math.ceil(scenario.images / scenario.imagesPerChunk) },
    database: played.database,
    ...{ processes: played.processes, blows: played.blows, lockedOut: played.lockedOut },
    ...figuresOf(evidence),
  };
}

function figuresOf(
  evidence: Evidence | undefined,
): Pick<ScenarioReport, "accepted" | "inputs" | "events" | "takeovers" | "longestTakeoverMs"> {
  if (evidence === undefined) {
    return { accepted: 0, inputs: {}, events: {}, takeovers: 0, longestTakeoverMs: 0 };
  }
  const { submits, snapshot, chunks } = evidence;
  const takeovers = takeoversOf(evidence).map(({ ms }) => ms);
  const events: Record<string, number> = {};
  for (const { type } of chunks.flatMap((chunk) => chunk.events)) {
    events[type] = (events[type] ?? 0) + 1;
  }
  return {
    ...{ accepted: submits.length, inputs: snapshot.inputs, events },
    ...{ takeovers: takeovers.length, longestTakeoverMs: Math.max(0, ...takeovers) },
  };
}
