import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Whether the keys are explained. */
export const helpShown = signal(false);

/** A key, or several, and what it does. */
export type KeyHelp = readonly (readonly [key: string, what: string])[];

/** The keys that a page knows, while they are asked for. */
export function Help({ keys }: { readonly keys: KeyHelp }): VNode | null {
  return helpShown.value ? <OpenHelp keys={keys} /> : null;
}

function OpenHelp({ keys }: { readonly keys: KeyHelp }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-label="Keys" onClose={() => (helpShown.value = false)}>
      <h2>Keys</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        onClick={({ currentTarget }) => currentTarget.closest("dialog")?.close()}
      >
        Close
      </button>
    </dialog>
  );
}
