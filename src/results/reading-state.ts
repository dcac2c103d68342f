import type { ApiVersion } from "../protocol/api-version.ts";
import type { RecordCodec } from "../protocol/json-codec.ts";
import { earliest } from "./input-floor.ts";
import { Tally } from "./manifest.ts";
import { fromRanges, withNumber, type Ranges } from "./number-ranges.ts";
import type { Place } from "./place.ts";
import type { Checkpoint, CursorData, LogEntry, OpenSource } from "./reading-cursor.ts";
import type { IndexCounter, PlacedSource } from "./result-source.ts";
import type { ShardEvent } from "./shard-events.ts";
import { parseShard, parseShardName } from "./shard-name.ts";
import { SourceReading, type SourceData } from "./source-reading.ts";
import { UnstartedFloor } from "./unstarted-floor.ts";

/** What a {@link ReadingState} is made of. */
export interface ReadingStateOptions {
  readonly sources: readonly PlacedSource[];
  readonly version: ApiVersion;
  readonly codec: RecordCodec;
  readonly counter: IndexCounter;
  readonly maxHeldBytes: number;
  /** Where an earlier reading had come to. */
  readonly cursor: CursorData | undefined;
}

/** A source that has not ended, at a point at which nothing was held back. */
interface MarkedSource<V extends ApiVersion> {
  readonly source: number;
  readonly reading: SourceReading<V>;
  /** The names of its shards, of which so many had been read. */
  readonly names: readonly string[];
  readonly shards: number;
}

/** A {@link Checkpoint} whose sources are not copied: that would take as long as there are inputs, at every shard. */
interface Mark<V extends ApiVersion> extends Omit<Checkpoint, "open"> {
  readonly open: readonly MarkedSource<V>[];
}

/** How far the reading of all sources has come. */
export class ReadingState<V extends ApiVersion> {
  readonly tally = new Tally();
  readonly #options: ReadingStateOptions;
  readonly #readings = new Map<number, SourceReading<V>>();
  /** The names of the shards that were read, of each source that has not ended. */
  readonly #names = new Map<number, string[]>();
  readonly #finished: Set<number>;
  #finishedRanges: Ranges;
  readonly #unstarted: UnstartedFloor;
  #log: LogEntry[] = [];
  #mark: Mark<V>;
  #given = 0;

  constructor(options: ReadingStateOptions) {
    const { cursor, sources, counter } = options;
    this.#options = options;
    this.#finishedRanges = cursor?.finished ?? [];
    this.#finished = new Set(fromRanges(this.#finishedRanges));
    if (cursor !== undefined) {
      counter.next = cursor.next;
      this.tally.restore(cursor.tally);
      for (const entry of cursor.open) this.#restore(entry);
    }
    this.#unstarted = new UnstartedFloor(sources, counter, (source) => this.#hasStarted(source));
    this.#mark = this.#takeMark();
  }

  /** The sources that have not ended, nor will by what the cursor tells. */
  get openSources(): readonly PlacedSource[] {
    const { sources, cursor } = this.#options;
    const ends = new Set(
      (cursor?.since ?? []).flatMap(([source, name]) => (name === undefined ? [source] : [])),
    );
    return sources.filter(({ number }) => !this.#finished.has(number) && !ends.has(number));
  }

  /** No record that is still to come stands before this place. */
  get floor(): Place {
    const floors = [...this.#readings.values()].map(({ floor }) => floor);
    return earliest([...floors, this.#unstarted.place]);
  }

  /** The names of the shards of a source that were read, or will be by what the cursor tells. */
  namesOf(source: number): Iterable<string> {
    const later = (this.#options.cursor?.since ?? []).flatMap(([of, name]) =>
      of === source && name !== undefined ? [name] : [],
    );
    return [...(this.#names.get(source) ?? []), ...later];
  }

  /** What the cursor tells to have been read after its checkpoint, to be read again. */
  *replayed(): Generator<ShardEvent, void, undefined> {
    for (const [number, name, generation = "", size = 0] of this.#options.cursor?.since ?? []) {
      const prefix = this.#options.sources[number]?.prefix ?? "";
      const bucket = prefix.split("/")[2] ?? "";
      if (name === undefined) {
        yield { source: number };
        continue;
      }
      const uri = `gs://${bucket}/${name}`;
      const parsed = parseShard({ uri, bucket, name, generation, size, updated: "" });
      if (parsed !== undefined) yield { source: number, shard: parsed.shard };
    }
  }

  /** Takes note of a shard or end that is read now, and gives the reading of its source. */
  begin({ source, shard, error }: ShardEvent): SourceReading<V> {
    const reading = this.#readings.get(source) ?? this.#start(source);
    if (shard === undefined) {
      this.#log.push([source]);
      if (error !== undefined) reading.blame(error);
    } else {
      const { name, generation, size } = shard.object;
      this.#log.push([source, name, generation, size]);
      this.#names.get(source)?.push(name);
      reading.shards.push(shard);
    }
    return reading;
  }

  /** Takes note that a shard or the end of a source has been read. */
  end({ source, shard }: ShardEvent): void {
    if (shard !== undefined) return;
    this.#finished.add(source);
    this.#finishedRanges = withNumber(this.#finishedRanges, source);
    this.#readings.delete(source);
    this.#names.delete(source);
  }

  /** Takes note of a record that is given out. */
  give(): void {
    this.#given++;
  }

  /** Remembers this point, unless something of what was read has not been given out. */
  check(isHolding: boolean): void {
    if (isHolding || [...this.#readings.values()].some((reading) => reading.isHolding)) return;
    this.#mark = this.#takeMark();
    this.#log = [];
    this.#given = 0;
  }

  /** How far the reading has come, as plain data. */
  toCursor(): CursorData {
    const open = this.#mark.open.map(({ source, reading, names, shards }): OpenSource => [
      source,
      names.slice(0, shards),
      reading.toData(),
    ]);
    return { ...this.#mark, open, since: this.#log, skip: this.#given };
  }

  #takeMark(): Mark<V> {
    const open = [...this.#readings].map(([source, reading]) => {
      reading.mark();
      const names = this.#names.get(source) ?? [];
      return { source, reading, names, shards: names.length };
    });
    return {
      next: this.#options.counter.next,
      tally: this.tally.toData(),
      finished: this.#finishedRanges,
      open,
    };
  }

  #restore([source, names, data]: OpenSource): void {
    const reading = this.#start(source, data);
    this.#names.set(source, [...names]);
    for (const name of names) {
      const parsed = parseShardName(name);
      if (parsed !== undefined) reading.shards.push(parsed.numbers);
    }
  }

  #start(number: number, data?: SourceData): SourceReading<V> {
    const source = this.#options.sources[number];
    if (source === undefined) throw new RangeError(`there is no source ${number}`);
    const reading = new SourceReading<V>(source, { ...this.#options, tally: this.tally }, data);
    this.#readings.set(number, reading);
    this.#names.set(number, []);
    return reading;
  }

  #hasStarted(source: number): boolean {
    return this.#readings.has(source) || this.#finished.has(source);
  }
}
