import { parentPort, threadId } from "node:worker_threads";
import type { WorkerReport } from "../../../src/emulator/annotators/worker-messages.ts";

/** A worker that does what the task says; an annotation task says it by its first feature. */
interface ScriptedTask {
  readonly do?: string;
  readonly request?: { readonly features: readonly { readonly type: string }[] };
}

function report(message: WorkerReport<unknown>): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", (task: ScriptedTask) => {
  const action = task.do ?? task.request?.features[0]?.type;
  if (action === "silence") return;
  report({ type: "working" });
  if (action === "hang") return;
  if (action === "loop") for (;;);
  if (action === "crash") throw new Error("out of order");
  if (action === "exit") process.exit(7);
  report({ type: "done", reply: { threadId, task }, retire: action === "retire" });
});
