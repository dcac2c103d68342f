import type { InputStatus } from "../../../runs/index.ts";
import { resultStatuses } from "../../../results/index.ts";
import type { ExitCode } from "../../exit-codes.ts";
import type { Streams } from "../../streams.ts";
import { UsageError } from "../../usage-error.ts";
import { workOnRun, type WorkFlags } from "./work-on-run.ts";

/** The options of `vision-batch runs retry`. */
export interface RetryFlags extends WorkFlags {
  /** A list of statuses. */
  readonly status?: string;
}

/** `vision-batch runs retry`: sends again what has no result, and works on the run to its end. */
export async function retryRun(id: string, flags: RetryFlags, streams: Streams): Promise<ExitCode> {
  const statuses = parseStatuses(flags.status);
  return workOnRun({ id, flags, streams }, async ({ runs }, { progress }) => {
    const { inputs, chunks } = await runs.retryFailed(id, { statuses });
    progress.note(
      inputs === 0
        ? "there is nothing to send again"
        : `${inputs} inputs are sent again, in ${chunks} requests`,
    );
    // Also where there is nothing new, what else is open of the run is gone on with.
    return runs.resume(id);
  });
}

function parseStatuses(
  list: string | undefined,
): readonly Exclude<InputStatus, "retried">[] | undefined {
  return list?.split(",").map((given) => {
    const status = resultStatuses.find((each) => each === given.trim());
    if (status !== undefined) return status;
    throw new UsageError(`--status ${given}: expected some of ${resultStatuses.join(", ")}`);
  });
}
