import type { Run } from "../../runs/index.ts";

/** What of a run is not over. */
export interface LeftParts {
  /** Operations that go on at the service, as far as is known. */
  readonly operations: readonly string[];
  readonly unsentInputs: number;
  /** Inputs of submits that may have been accepted. */
  readonly uncertainInputs: number;
  /** Chunks that wait for a person's decision. */
  readonly undecided: readonly number[];
}

/** Reads what of a run is not over; what is not sent yet is counted and not listed. */
export async function readLeft(run: Run): Promise<LeftParts> {
  const { openInputs } = await run.snapshot();
  const operations: string[] = [];
  const undecided: number[] = [];
  for await (const { chunk, attempt } of run.chunks({ states: ["unknown", "running"] })) {
    const name = attempt?.operation?.name;
    if (chunk.state === "running" && name !== undefined) operations.push(name);
    if (chunk.state === "unknown" && chunk.dueMs === undefined) undecided.push(chunk.number);
  }
  return {
    ...{ operations, undecided, unsentInputs: openInputs.planned },
    uncertainInputs: openInputs.submitting + openInputs.unknown,
  };
}

const shown = 5;

/** Says what goes on at the service, what was never sent, and how to go on from here, a line each. */
export function describeLeft(
  { operations, unsentInputs, uncertainInputs, undecided }: LeftParts,
  { goOn, decide, embedded }: LeftHints,
): readonly string[] {
  const lines: string[] = [];
  if (unsentInputs > 0) lines.push(`not submitted: ${unsentInputs} inputs`);
  if (uncertainInputs > 0) {
    lines.push(`possibly submitted, so what became of it is looked for: ${uncertainInputs} inputs`);
  }
  const words = embedded ? "ended with its emulator" : "still running";
  lines.push(...operations.slice(0, shown).map((name) => `${words}: ${name}`));
  if (operations.length > shown) lines.push(`and ${operations.length - shown} more operations`);
  if (embedded) return lines;
  for (const chunk of undecided.slice(0, shown)) {
    lines.push(`decide on chunk ${chunk} with: ${decide(chunk)}`);
  }
  if (undecided.length > shown) lines.push(`and ${undecided.length - shown} more chunks`);
  return [...lines, `go on with: ${goOn}`];
}

/** The commands that are proposed. */
export interface LeftHints {
  readonly goOn: string;
  readonly show: string;
  readonly decide: (chunk: number) => string;
  /** Whether an emulator in this process ends with it, so that nothing can go on. */
  readonly embedded: boolean;
}
