import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { InputStatusName, RunEntry } from "../../src/dashboard/dashboard-data.ts";
import { statusNames } from "../shared/status-badge.tsx";
import { Confirm } from "./confirm.tsx";
import { count } from "./format.ts";

const choices: readonly InputStatusName[] = ["failed", "missing", "notSubmitted", "partial"];

interface RetryProps {
  readonly entry: RunEntry;
  readonly onConfirm: (statuses: readonly InputStatusName[]) => void;
  readonly onClose: () => void;
}

/** Asks which inputs are sent again. */
export function RetryDialog({ entry, onConfirm, onClose }: RetryProps): VNode {
  const { id, inputs } = entry;
  const [chosen, choose] = useState<readonly InputStatusName[]>(choices.slice(0, 3));
  const total = chosen.reduce((sum, status) => sum + inputs[status], 0);
  return (
    <Confirm
      title="Send inputs again?"
      label={`Send ${count(total)} again`}
      isOn={total > 0}
      onConfirm={() => onConfirm(chosen)}
      onClose={onClose}
    >
      <p>
        They get new chunks of <bdi>{id}</bdi> and are billed as new ones are.
      </p>
      <fieldset>
        <legend>Which</legend>
        {choices.map((status) => (
          <label key={status} class="choice">
            <input
              type="checkbox"
              checked={chosen.includes(status)}
              onChange={({ currentTarget }) => {
                const others = chosen.filter((each) => each !== status);
                choose(currentTarget.checked ? [...others, status] : others);
              }}
            />
            <span class={`dot ${status}`} />
            <span class="what">{statusNames[status]}</span>
            <span class="count">{count(inputs[status])}</span>
          </label>
        ))}
      </fieldset>
    </Confirm>
  );
}
