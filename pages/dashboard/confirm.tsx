import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface ConfirmProps {
  readonly title: string;
  /** What the button says that does it. */
  readonly label: string;
  /** It cannot be undone. */
  readonly isGrave?: boolean;
  /** Whether there is anything to do. Default true. */
  readonly isOn?: boolean;
  readonly children: ComponentChildren;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done that costs or cannot be undone. */
export function Confirm(props: ConfirmProps): VNode {
  const { title, label, isGrave = false, isOn = true, children, onConfirm, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby="confirm-title" onClose={onClose}>
      <h2 id="confirm-title">{title}</h2>
      {children}
      <div class="row end">
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          Leave it
        </button>
        <button
          type="button"
          class={isGrave ? "grave" : "main"}
          disabled={!isOn}
          onClick={() => {
            dialog.current?.close();
            onConfirm();
          }}
        >
          {label}
        </button>
      </div>
    </dialog>
  );
}
