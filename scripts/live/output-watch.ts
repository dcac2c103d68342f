import type { OperationEvent } from "../../src/index.ts";
import type { JsonObject } from "../../src/protocol/json-codec.ts";
import { systemClock } from "../../src/transport/index.ts";
import type { LiveContext } from "./live-context.ts";
import { listAll } from "./raw-shards.ts";

/** When a shard was first listed. */
export interface ShardSighting {
  readonly name: string;
  /** The store's own time of writing. */
  readonly updated: string;
  /** `whileRunning`: a read after that listing said so; `lastReads`: by the first listing after the end; `afterEnd`: later. */
  readonly seen: "whileRunning" | "lastReads" | "afterEnd";
  readonly firstSeenMs: number;
}

/** What one read of the operation told, where it told something new. */
export interface Look {
  readonly atMs: number;
  readonly done: boolean;
  readonly metadata: JsonObject;
}

/** Lists the output of an operation between the reads of it. */
export class OutputWatch {
  readonly looks: Look[] = [];
  readonly #context: LiveContext;
  readonly #prefix: string;
  readonly #begun = performance.now();
  readonly #sightings = new Map<string, ShardSighting>();
  #reads = 0;
  /** Listed since the last read: that one will tell whether the operation was running. */
  #pending: readonly Omit<ShardSighting, "seen">[] = [];

  constructor(context: LiveContext, prefix: string) {
    this.#context = context;
    this.#prefix = prefix;
  }

  get reads(): number {
    return this.#reads;
  }

  get sightings(): readonly ShardSighting[] {
    return [...this.#sightings.values()];
  }

  /** A shard counts as seen while running only when a read that came after the listing says so. */
  async note(event: OperationEvent<unknown, unknown>): Promise<void> {
    if (event.type === "pollError") return;
    this.#reads += 1;
    const running = event.type === "running";
    this.#settle(running ? "whileRunning" : "lastReads");
    this.#addLook(!running, this.#context.raw.toJson(event.operation)["metadata"]);
    if (running) await this.#list();
  }

  /** Looks for what comes late. */
  async listAfterEnd(): Promise<void> {
    const { command, signal } = this.#context;
    const graceMs = command.service.emulator === undefined ? 10_000 : 50;
    for (const pauseMs of [0, graceMs]) {
      await systemClock.sleep(pauseMs, signal);
      await this.#list();
      this.#settle(pauseMs === 0 ? "lastReads" : "afterEnd");
    }
  }

  async #list(): Promise<void> {
    const objects = await listAll(this.#context, this.#prefix);
    this.#pending = objects
      .map(({ uri, updated }) => ({
        name: uri.slice(this.#prefix.length),
        updated,
        firstSeenMs: this.#elapsedMs(),
      }))
      .filter(({ name }) => !this.#sightings.has(name));
  }

  #settle(seen: ShardSighting["seen"]): void {
    for (const shard of this.#pending) this.#sightings.set(shard.name, { ...shard, seen });
    this.#pending = [];
  }

  #addLook(done: boolean, metadata: unknown): void {
    const look = { atMs: this.#elapsedMs(), done, metadata: (metadata ?? {}) as JsonObject };
    const last = this.looks.at(-1);
    const isSame =
      last?.done === done && JSON.stringify(last.metadata) === JSON.stringify(look.metadata);
    if (!isSame) this.looks.push(look);
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#begun);
  }
}
