import type { StorageFault, StorageIntercept } from "../storage/storage-fault.ts";
import { httpStatusOf } from "../rest/rest-answer.ts";
import type { FaultEngine } from "./fault-engine.ts";
import type { FaultStrike } from "./fault-rule.ts";

/** Lets the rules of the engine strike storage calls as well; what holds a call back before it takes effect leaves the fault after it. */
export function storageIntercept(engine: FaultEngine): StorageIntercept {
  return ({ method }) => {
    const { beforeAcceptance, afterAcceptance } = engine.strikes("storage", method);
    return Promise.resolve(faultOf(beforeAcceptance, afterAcceptance));
  };
}

function faultOf(
  before: FaultStrike | undefined,
  after: FaultStrike | undefined,
): StorageFault | undefined {
  const isOver = before?.status !== undefined || before?.drop !== undefined;
  if (after === undefined || isOver) {
    return before === undefined ? undefined : toFault(before, "before");
  }
  return { ...toFault(after, "after"), delayBeforeMs: before?.delayMs ?? 0 };
}

function toFault(strike: FaultStrike, when: "before" | "after"): StorageFault {
  const { status, drop, delayMs, afterBytes } = strike;
  return {
    delayMs,
    when,
    ...(status === undefined
      ? {}
      : { status: { httpStatus: httpStatusOf(status.code), message: status.message } }),
    ...(drop === undefined
      ? {}
      : { dropConnection: drop === "beforeHeaders" ? "before" : "afterBytes", afterBytes }),
  };
}
