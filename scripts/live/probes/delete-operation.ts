import type { Probe } from "../probe.ts";
import { follow, submitPicture } from "../submit.ts";

/** Whether an operation can be deleted. */
export const deleteOperation: Probe = {
  key: "delete-operation",
  question: "Is DeleteOperation offered over gRPC, and is the operation gone after it?",
  units: 1,
  run: async (context) => {
    const { raw, signal } = context;
    const prefix = context.output("deleted");
    const handle = await submitPicture(context, { purpose: "to be deleted", prefix });
    await follow(context, handle);
    const { name } = handle;
    // The client has no delete: operations expire by themselves.
    const answer = await raw.operations("deleteOperation", { name }, signal);
    const { code: getAfter } = await raw.operations("getOperation", { name }, signal);
    return {
      observed: `${answer.code}; GetOperation answers ${getAfter} after it`,
      evidence: { operation: name, answer, getAfter },
    };
  },
};
