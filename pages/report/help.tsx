import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { helpShown } from "./view-state.ts";

const keys = [
  ["/", "search"],
  ["arrows, Page Up/Down, Home, End", "go through the images, or the words of a text"],
  ["Enter", "look at an image closely"],
  ["← →, j k", "the next or previous image while one is open"],
  ["1 to 7", "words, faces, objects, logos, landmarks, crop hints, products: boxes on or off"],
  ["s", "images or summary"],
  ["t", "light, dark, or as the system"],
  ["Esc", "close"],
] as const;

/** The keys that the page knows. */
export function Help(): VNode | null {
  return helpShown.value ? <OpenHelp /> : null;
}

function OpenHelp(): VNode {
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
