/** Something that takes room in a request; nothing where it is not sent. */
export interface Packable {
  /** Its bytes in the request; undefined for what is not sent. */
  readonly bytes?: number | undefined;
}

/** How much one request takes. */
export interface PackLimits {
  readonly items: number;
  readonly bytes: number;
  /** Told when the items fail: whatever came before is packed unless it aborted. */
  readonly signal: AbortSignal;
}

/** So that a long row of inputs that cannot be sent does not wait for one that can. */
const maxUnsent = 64;

/**
 * Packs items into requests, in order, each as full as the next item allows. An item that alone is
 * larger than the limit is alone. What is not sent goes with its neighbours.
 */
export async function* packRequests<T extends Packable>(
  items: AsyncIterable<T>,
  limits: PackLimits,
): AsyncGenerator<readonly T[], void, undefined> {
  let pack = new Pack<T>(limits);
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const item of items) {
      if (!pack.hasRoomFor(item)) {
        yield pack.items;
        pack = new Pack<T>(limits);
      }
      pack.add(item);
      if (pack.isFull) {
        yield pack.items;
        pack = new Pack<T>(limits);
      }
    }
  } catch (error) {
    limits.signal.throwIfAborted();
    failure = { error };
  }
  if (pack.items.length > 0) yield pack.items;
  if (failure !== undefined) throw failure.error;
}

class Pack<T extends Packable> {
  readonly items: T[] = [];
  readonly #limits: PackLimits;
  #sent = 0;
  #bytes = 0;

  constructor(limits: PackLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#sent === this.#limits.items || this.items.length - this.#sent === maxUnsent;
  }

  hasRoomFor({ bytes = 0 }: T): boolean {
    return this.#sent === 0 || this.#bytes + separator + bytes <= this.#limits.bytes;
  }

  add(item: T): void {
    this.items.push(item);
    if (item.bytes === undefined) return;
    this.#bytes += item.bytes + (this.#sent === 0 ? 0 : separator);
    this.#sent += 1;
  }
}

/** The comma between two. */
const separator = 1;
