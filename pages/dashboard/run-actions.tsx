import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { RunAction, RunEntry } from "../../src/dashboard/dashboard-data.ts";
import { act, session } from "./api.ts";
import { Confirm } from "./confirm.tsx";
import { count } from "./format.ts";
import { RetryDialog } from "./retry-dialog.tsx";
import { useAction } from "./use-action.ts";

/** What can be done with a run. The buttons stay where they are, so that the keyboard does. */
export function RunActions({ entry }: { readonly entry: RunEntry }): VNode | null {
  const { id, actions, inputs } = entry;
  const [asked, setAsked] = useState<"cancel" | "retry" | undefined>(undefined);
  const { isBusy, outcome, start } = useAction();
  if (session.value?.readOnly !== false) return null;
  const can = (action: RunAction): boolean => actions.includes(action) && !isBusy;
  const flow = actions.includes("pause") ? "pause" : "resume";
  const close = (): void => setAsked(undefined);
  return (
    <div class="actions">
      <div class="row" role="group" aria-label="Actions">
        <ActionButton
          label={flow === "pause" ? "Pause" : "Resume"}
          isOn={can(flow)}
          onClick={() => start(() => act(id, flow))}
        />
        <ActionButton label="Retry…" isOn={can("retry")} onClick={() => setAsked("retry")} />
        <ActionButton label="Cancel…" isOn={can("cancel")} onClick={() => setAsked("cancel")} />
      </div>
      {outcome !== undefined && (
        <p class={outcome.isRefused ? "outcome trouble" : "outcome note"} dir="auto">
          {outcome.text}
        </p>
      )}
      {asked === "cancel" && (
        <Confirm
          title="Cancel this run?"
          label="Cancel the run"
          isGrave
          onConfirm={() => start(() => act(id, "cancel"))}
          onClose={close}
        >
          <p>
            Nothing more of <bdi>{id}</bdi> is submitted: {count(inputs.open)} inputs have no result
            yet. The service is asked to end what it has accepted; what it has annotated by then is
            billed. A run that was cancelled cannot be resumed.
          </p>
        </Confirm>
      )}
      {asked === "retry" && (
        <RetryDialog
          entry={entry}
          onConfirm={(statuses) => start(() => act(id, "retry", { statuses }))}
          onClose={close}
        />
      )}
    </div>
  );
}

interface ActionButtonProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function ActionButton({ label, isOn, onClick }: ActionButtonProps): VNode {
  return (
    <button type="button" aria-disabled={!isOn} onClick={isOn ? onClick : undefined}>
      {label}
    </button>
  );
}
