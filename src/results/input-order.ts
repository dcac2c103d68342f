import { InputOrderError } from "../errors/index.ts";
import { comparePlaces, type Place } from "./place.ts";
import { PlaceQueue } from "./place-queue.ts";
import type { ResultRecord } from "./result-record.ts";
import type { ApiVersion } from "../protocol/api-version.ts";

/** What is told when records must wait for an earlier one. */
export interface ReorderWait {
  /** The input that is waited for. */
  readonly index: number;
  /** How many records wait for it so far. */
  readonly held: number;
}

/** A record and how large its JSON was. */
export interface Arrival<V extends ApiVersion> {
  readonly record: ResultRecord<V>;
  readonly bytes: number;
}

/** Options of {@link InputOrder}. */
export interface InputOrderOptions {
  readonly maxReorderBytes: number;
  /** Called when records begin to wait for an input. */
  readonly onReorderWait?: ((wait: ReorderWait) => void) | undefined;
  /** No record that is still to come stands before this place. */
  readonly floor: () => Place;
}

/** Holds records back until those before them have come. */
export class InputOrder<V extends ApiVersion> {
  readonly #options: InputOrderOptions;
  readonly #held = new PlaceQueue<Place & Arrival<V>>();
  #heldBytes = 0;
  #waitsFor = -1;

  constructor(options: InputOrderOptions) {
    this.#options = options;
  }

  /** Whether any record is held back. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Takes a record and gives those that nothing can stand before any more. */
  *put(arrival: Arrival<V>): Generator<ResultRecord<V>, void, undefined> {
    const { index, page = 0 } = arrival.record;
    this.#heldBytes += arrival.bytes;
    this.#held.put({ index, page, ...arrival });
    const floor = this.#options.floor();
    yield* this.#before(floor);
    if (this.#held.length > 0) this.#wait(floor.index);
  }

  /** Gives the records that nothing can stand before any more. */
  *release(): Generator<ResultRecord<V>, void, undefined> {
    yield* this.#before(this.#options.floor());
  }

  *#before(floor: Place): Generator<ResultRecord<V>, void, undefined> {
    for (let next = this.#held.first; next !== undefined; next = this.#held.first) {
      if (comparePlaces(next, floor) >= 0) return;
      this.#held.take();
      this.#heldBytes -= next.bytes;
      yield next.record;
    }
  }

  #wait(index: number): void {
    const { maxReorderBytes, onReorderWait } = this.#options;
    if (this.#heldBytes > maxReorderBytes) throw new InputOrderError(index, maxReorderBytes);
    if (index === this.#waitsFor) return;
    this.#waitsFor = index;
    onReorderWait?.({ index, held: this.#held.length });
  }
}
