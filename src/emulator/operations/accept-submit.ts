import type { CallLog } from "../call-log.ts";
import type { AcceptedCall } from "../emulated-call.ts";
import type { EmulatorClock } from "../emulator-clock.ts";
import { fingerprintOf, textOf, type PlainJson } from "../plain-json.ts";
import type { OperationRunner } from "./operation-runner.ts";
import type { OperationStore } from "./operation-store.ts";
import type { Operation } from "./operation.ts";

/** What every method needs that starts an operation. */
export interface SubmitParts {
  readonly operations: OperationStore;
  readonly runner: OperationRunner;
  readonly log: CallLog;
  readonly clock: EmulatorClock;
  /** The project of operations whose request names no parent. */
  readonly projectId: string;
}

/** A request that was found to be right. */
export interface AcceptedSubmit {
  readonly inputCount: number;
  readonly outputPrefixes: readonly string[];
  /** Works and answers the fields of the operation's response type. */
  readonly run: (operation: Operation) => Promise<PlainJson>;
}

/** Starts the operation of a request, writes the submit down and answers the operation. */
export function acceptSubmit(
  parts: SubmitParts,
  call: AcceptedCall,
  submit: AcceptedSubmit,
): PlainJson {
  const types = call.entry.operation ?? { responseType: "", metadataType: "" };
  const parent = textOf(call.request["parent"]) || `projects/${parts.projectId}`;
  const operation = parts.operations.create(parent, types.metadataType);
  parts.log.addSubmit({
    method: call.entry.name,
    version: call.version ?? "v1",
    transport: call.transport,
    time: new Date(parts.clock.now()).toISOString(),
    inputCount: submit.inputCount,
    outputPrefixes: submit.outputPrefixes,
    fingerprint: fingerprintOf(call.request),
    operationName: operation.name,
  });
  parts.runner.launch(operation, {
    units: submit.inputCount,
    strike: call.operationStrike,
    run: async (running) => ({
      "@type": `type.googleapis.com/${types.responseType}`,
      ...(await submit.run(running)),
    }),
  });
  return operation.toJson();
}
