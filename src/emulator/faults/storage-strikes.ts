import type { StorageFault, StorageIntercept } from "../storage/storage-fault.ts";
import { httpStatusOf } from "../rest/rest-answer.ts";
import type { FaultEngine } from "./fault-engine.ts";
import type { FaultStrike } from "./fault-rule.ts";

/** Lets the rules of the engine strike storage calls as well; the first moment that is struck counts. */
export function storageIntercept(engine: FaultEngine): StorageIntercept {
  return ({ method }) => {
    const { beforeAcceptance, afterAcceptance } = engine.strikes("storage", method);
    if (beforeAcceptance !== undefined) return Promise.resolve(toFault(beforeAcceptance, "before"));
    if (afterAcceptance !== undefined) return Promise.resolve(toFault(afterAcceptance, "after"));
    return Promise.resolve(undefined);
  };
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
