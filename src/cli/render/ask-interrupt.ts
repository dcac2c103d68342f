import type { InterruptChoice } from "../interrupts.ts";
import type { Streams } from "../streams.ts";

/**
 * Asks on the terminal what to do with the running operations; Ctrl-C again leaves them running. The
 * signal takes the question back, as the operations have ended: then it goes on.
 */
export async function askInterrupt(
  { stdin, stderr }: Streams,
  running: number,
  signal: AbortSignal,
): Promise<InterruptChoice> {
  const { select, isCancel } = await import("@clack/prompts");
  const answer = await select<InterruptChoice>({
    input: stdin,
    output: stderr,
    signal,
    message: `${running} operation${running === 1 ? " is" : "s are"} running. What now?`,
    options: [
      { value: "leave", label: "Leave running", hint: "billed; the results can be read later" },
      { value: "cancel", label: "Cancel", hint: "what is annotated already is billed" },
      { value: "goOn", label: "Go on waiting" },
    ],
  });
  if (!isCancel(answer)) return answer;
  return signal.aborted ? "goOn" : "leave";
}
