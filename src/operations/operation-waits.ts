/**
 * Waits open at a time: a third of the streams that a server should allow a connection at least (100:
 * RFC 9113, section 6.5.2), so that submits and reads find room beside them.
 */
const maxOpen = 32;
/** A wait is no longer than this, so that a connection that died without a word is noticed. */
const maxWaitMs = 60_000;
/** For less than this a read does as well. */
const minWaitMs = 1000;
/** What the way to the server and back may take beside the wait. */
export const waitMarginMs = 10_000;

/**
 * What is known of WaitOperation at a server. Vision's service configuration does not publish it, so
 * that the first wait finds out, and one server that lacks it is not asked again.
 */
export class OperationWaits {
  #support: "unknown" | "asking" | "offered" | "lacking";
  #open = 0;

  constructor({ possible }: { readonly possible: boolean }) {
    this.#support = possible ? "unknown" : "lacking";
  }

  /** How long a read that is due in `dueInMs` may be a wait, in milliseconds; 0 for a plain read. */
  lengthMs(dueInMs: number): number {
    const isPossible = dueInMs >= minWaitMs && this.#hasRoom;
    return isPossible ? Math.min(dueInMs, maxWaitMs) : 0;
  }

  /** Opens a wait; false where there is no room for it any more. */
  enter(): boolean {
    if (!this.#hasRoom) return false;
    if (this.#support === "unknown") this.#support = "asking";
    this.#open += 1;
    return true;
  }

  /** A wait has ended, and the server has shown whether it knows waits, or has not. */
  leave(shown: "offered" | "lacking" | undefined): void {
    this.#open -= 1;
    if (this.#support === "lacking") return;
    if (shown !== undefined) this.#support = shown;
    else if (this.#support === "asking") this.#support = "unknown";
  }

  get #hasRoom(): boolean {
    return this.#support === "unknown" || (this.#support === "offered" && this.#open < maxOpen);
  }
}
