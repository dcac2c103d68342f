import { VisionBatchError } from "../errors/index.ts";
import type { InputStatus, Run, Runs } from "../runs/index.ts";
import type { RunAction } from "./dashboard-data.ts";
import { Refusal } from "./refusal.ts";

type Body = Readonly<Record<string, unknown>>;
type RetriedStatus = Exclude<InputStatus, "retried">;

const retriedStatuses: readonly RetriedStatus[] = [
  ...(["failed", "missing", "notSubmitted"] as const),
  ...(["partial", "succeeded"] as const),
];

/** What was done. */
export interface Done {
  readonly note: string;
  readonly run: Run;
}

type Act = (runs: Runs, id: string, body: Body) => Promise<Done>;

/** What can be done with a run. */
export const runActions: Readonly<Record<RunAction, Act>> = {
  pause: async (runs, id) => {
    const run = await runs.pause(id);
    return { run, note: "paused: what was submitted is still collected" };
  },
  resume: async (runs, id) => {
    const run = await runs.resume(id);
    return { run, note: `${run.state}: whoever works on the runs of this journal goes on with it` };
  },
  cancel: async (runs, id) => {
    const run = await runs.cancel(id);
    return {
      run,
      note: `${run.state}: nothing more is submitted; whoever works on it sees to the end of what was`,
    };
  },
  retry: async (runs, id, body) => {
    const statuses = statusesOf(body);
    const { inputs, chunks, run } = await runs.retryFailed(id, { statuses });
    const note =
      inputs === 0
        ? "there is nothing to send again"
        : `${inputs} ${inputs === 1 ? "input is" : "inputs are"} sent again, in ${chunks} ${chunks === 1 ? "request" : "requests"}`;
    return { run, note };
  },
};

/** Decides about a chunk of unknown fate. */
export async function decideChunk(
  runs: Runs,
  place: { readonly id: string; readonly chunk: number },
  { body, user }: { readonly body: Body; readonly user: string | undefined },
): Promise<Done> {
  const { decision } = body;
  if (decision !== "resubmit" && decision !== "fail") {
    throw new Refusal(400, "decision must be resubmit or fail");
  }
  // Somebody else may have looked at the same question.
  const before = (await (await findRun(runs, place.id)).chunk(place.chunk))?.chunk.decision;
  if (before !== undefined && before !== decision) {
    throw new Refusal(409, `chunk ${place.chunk} was decided already: ${before}`);
  }
  const run = await runs.decide(place, decision, { by: user });
  return { run, note: `chunk ${place.chunk}: ${decision}, done by whoever works on the run` };
}

/** A run of this id. @throws Refusal where there is none */
export async function findRun(runs: Runs, id: string): Promise<Run> {
  const run = await runs.get(id);
  if (run === undefined) throw new Refusal(404, `there is no run ${JSON.stringify(id)}`);
  return run;
}

/** What a facade of runs refuses is no fault of the server. */
export function isRefusedByRuns(error: unknown): error is VisionBatchError {
  return error instanceof VisionBatchError && error.name === "VisionBatchError";
}

function statusesOf({ statuses }: Body): readonly RetriedStatus[] | undefined {
  if (statuses === undefined) return undefined;
  const known = retriedStatuses.filter(
    (each) => Array.isArray(statuses) && statuses.includes(each),
  );
  if (Array.isArray(statuses) && known.length > 0 && known.length === statuses.length) return known;
  throw new Refusal(400, `statuses must be some of ${retriedStatuses.join(", ")}`);
}
