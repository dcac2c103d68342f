import { signal } from "@preact/signals";
import type { VNode } from "preact";

const said = signal("");

/** Tells those who hear the page what has happened; only what they would want to be interrupted for. */
export function announce(text: string): void {
  said.value = text;
}

/** Where the page speaks. */
export function Announcements(): VNode {
  return (
    <p class="heard" role="status" aria-live="polite">
      {said.value}
    </p>
  );
}
