import type { Probe } from "../probe.ts";
import { follow, submitPicture } from "../submit.ts";

/** Whether the service can be asked to wait. */
export const waitOperation: Probe = {
  key: "wait-operation",
  question: "Is WaitOperation offered over gRPC?",
  units: 1,
  run: async (context) => {
    const { raw, signal } = context;
    const prefix = context.output("waited");
    const handle = await submitPicture(context, { purpose: "to be waited for", prefix });
    const { name } = handle;
    const begun = performance.now();
    // The client polls instead, since it cannot count on this.
    const answer = await raw.operations("waitOperation", { name, timeout: "5s" }, signal);
    const tookMs = Math.round(performance.now() - begun);
    await follow(context, handle);
    const done = answer.code === "OK" && answer.response["done"] === true;
    const what = answer.code === "OK" ? (done ? " with the end" : " before the end") : "";
    return {
      observed: `${answer.code}${what} after ${tookMs} ms`,
      evidence: { operation: name, askedTimeoutMs: 5000, tookMs, done, answer },
    };
  },
};
