import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ChunkDetail, DecideRequest } from "../../src/dashboard/dashboard-data.ts";
import { decide, session } from "./api.ts";
import { Confirm } from "./confirm.tsx";
import { counted } from "./format.ts";
import { useAction } from "./use-action.ts";

interface DecideProps {
  readonly run: string;
  readonly chunk: ChunkDetail;
}

/** Asks what becomes of a chunk whose submit may or may not have been accepted. */
export function DecideBox({ run, chunk }: DecideProps): VNode | null {
  const [asked, setAsked] = useState<DecideRequest["decision"] | undefined>(undefined);
  const { isBusy, outcome, start } = useAction();
  const { number, isUndecided, size, kind } = chunk;
  const mayAct = session.value?.readOnly === false;
  if (!isUndecided && outcome === undefined) return null;
  const button = (decision: DecideRequest["decision"], label: string): VNode => (
    <button
      type="button"
      aria-disabled={isBusy || !isUndecided}
      onClick={() => {
        if (isUndecided && !isBusy) setAsked(decision);
      }}
    >
      {label}
    </button>
  );
  return (
    <section class="panel decide" aria-label="Decision">
      {isUndecided && (
        <p>
          The answer to the submit of this chunk was lost and nothing of its output was found. It
          may have been accepted all the same: to submit it again may be billed twice.
        </p>
      )}
      {mayAct && (
        <div class="row">
          {button("resubmit", "Submit again…")}
          {button("fail", "Give it up…")}
        </div>
      )}
      {outcome !== undefined && (
        <p class={outcome.isRefused ? "outcome trouble" : "outcome note"} dir="auto">
          {outcome.text}
        </p>
      )}
      {asked === "resubmit" && (
        <Confirm
          title={`Submit chunk ${number} again?`}
          label="Submit again"
          isGrave
          onConfirm={() => start(() => decide(run, number, "resubmit"))}
          onClose={() => setAsked(undefined)}
        >
          <p>
            Where the first submit was accepted, its {counted(size, kind)}{" "}
            {size === 1 ? "is" : "are"} billed twice. Output that has appeared meanwhile is taken
            instead.
          </p>
        </Confirm>
      )}
      {asked === "fail" && (
        <Confirm
          title={`Give chunk ${number} up?`}
          label="Give it up"
          isGrave
          onConfirm={() => start(() => decide(run, number, "fail"))}
          onClose={() => setAsked(undefined)}
        >
          <p>
            Its {counted(size, kind)} {size === 1 ? "is" : "are"} told as missing; a retry can send
            them later. Output that has appeared meanwhile is taken all the same.
          </p>
        </Confirm>
      )}
    </section>
  );
}
