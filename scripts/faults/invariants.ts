import { submitOutcome } from "../../src/transport/submit-outcome.ts";
import type { MethodEntry } from "../../src/protocol/method-table.ts";
import type { Cell } from "./cell.ts";

const classes: Readonly<Record<Cell["policy"], string>> = {
  submit: "SubmitError",
  read: "RpcError",
  poll: "RpcError",
};

/** What is wrong with a cell, in words; nothing where every promise is kept. */
export function breaksOf(cell: Cell): readonly string[] {
  const { seen, sent, accepted, policy, fault } = cell;
  const breaks: string[] = [];
  if (seen.kind === "hangs") breaks.push("the caller hangs");
  if (policy !== "read" && sent > 1) breaks.push(`sent ${sent} times`);
  if (policy === "submit" && accepted > 1) breaks.push(`accepted ${accepted} times`);
  if (seen.kind === "ok" && accepted === 0) breaks.push("an OK where nothing was accepted");
  if (seen.kind === "error") {
    if (fault.answersOk) breaks.push("an answer that came whole is hidden");
    if (seen.name !== classes[policy]) breaks.push(`an error of another kind: ${seen.name}`);
    if (seen.code === undefined) breaks.push("an error without a code");
    if (policy === "submit" && seen.outcome === undefined) breaks.push("no outcome");
    const isDoubted = fault.isRefused === true && seen.outcome === "unknown";
    if (isDoubted) breaks.push("called unknown, and cannot have left");
    const isDone = accepted > 0 && !contradicts(cell);
    if (seen.outcome === "rejected" && isDone) breaks.push("called rejected, and was accepted");
    if (sent > 1 && isDone) breaks.push("called failed after it was repeated, and took effect");
  }
  return breaks;
}

/**
 * Whether the emulator does on purpose what the service does not: it accepts a call and then answers
 * with a code by which the service refuses. The table of outcomes is built upon that it does not.
 */
export function contradicts({ fault, method }: Cell): boolean {
  const { accepts, code } = fault;
  if (!accepts || code === undefined) return false;
  const status = { code, message: "", details: [] };
  const failure = { ok: false, status, mayHaveBeenSent: true, cause: undefined } as const;
  return submitOutcome(failure, { name: method } as MethodEntry) === "rejected";
}
