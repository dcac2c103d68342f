import type { Probe } from "../probe.ts";
import { describeEnd, endOf, follow, submitPicture } from "../submit.ts";

/** Whether an operation can be cancelled. */
export const cancelOperation: Probe = {
  key: "cancel-operation",
  question: "Is CancelOperation offered over gRPC, and how does a cancelled operation end?",
  units: 1,
  run: async (context) => {
    const { raw, signal } = context;
    const purpose = "to be cancelled";
    const prefix = context.output("cancelled");
    const handle = await submitPicture(context, { purpose, prefix });
    // Past the client, which first asks whether there is anything left to cancel.
    const answer = await raw.operations("cancelOperation", { name: handle.name }, signal);
    const outcome = await handle.cancel({ signal });
    const end = endOf(await follow(context, handle));
    return {
      observed: `${answer.code}; the client calls it ${outcome}; the operation ended: ${describeEnd(end)}`,
      evidence: { operation: handle.name, answer, outcome, ...end },
    };
  },
};
