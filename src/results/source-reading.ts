import { InputOrderError, JsonDecodeError, ShardError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { RecordCodec } from "../protocol/json-codec.ts";
import { maxPagesPerFile } from "../protocol/limits.ts";
import { coverage } from "./find-shards.ts";
import { InputFloor } from "./input-floor.ts";
import { InputJoin, type Claim, type JoinData, type JoinedInput } from "./input-join.ts";
import {
  fromErrorData,
  toErrorData,
  type PrefixRange,
  type ShardErrorData,
  type Tally,
} from "./manifest.ts";
import type { Place } from "./place.ts";
import { statusOf } from "./response-status.ts";
import type { ImageResponse } from "./response-types.ts";
import type { ResultRecord } from "./result-record.ts";
import type { IndexCounter, PlacedSource } from "./result-source.ts";
import type { ShardItem } from "./shard-item.ts";
import { compareShards, type Shard, type ShardNumbers } from "./shard-name.ts";

/** What all sources of one reading share. */
export interface ReadingContext {
  readonly version: ApiVersion;
  readonly codec: RecordCodec;
  readonly tally: Tally;
  readonly counter: IndexCounter;
  /** How much JSON of a source may wait for its end. */
  readonly maxHeldBytes: number;
}

/** A {@link SourceReading} as plain data, its shards left out. */
export interface SourceData {
  readonly join: JoinData;
  readonly error?: ShardErrorData | undefined;
}

/** A decoded response with what is needed to find its input. */
interface Found extends Claim {
  readonly shard: Shard;
  readonly number: number;
  readonly response: Readonly<Record<string, unknown>>;
  readonly hasMore: boolean;
}

/** The reading of one source: joins its responses to its inputs and tells what is missing in the end. */
export class SourceReading<V extends ApiVersion> {
  /** The shards that were read, also those that could not be. */
  readonly shards: ShardNumbers[] = [];
  readonly #source: PlacedSource;
  readonly #context: ReadingContext;
  readonly #join: InputJoin;
  readonly #floor: InputFloor;
  readonly #typeName: string;
  /** Responses that cannot be joined before all have been read. */
  readonly #held: Found[] = [];
  #heldBytes = 0;
  #error: Error | undefined;
  #shardError: ShardError | undefined;
  /** The same at the last mark. */
  #markedError: ShardError | undefined;

  /** @param data what an earlier reading of the source had found. */
  constructor(source: PlacedSource, context: ReadingContext, data?: SourceData) {
    this.#source = source;
    this.#context = context;
    this.#join = new InputJoin(source, context.counter);
    this.#floor = new InputFloor(this.#join, source.inputs !== undefined, context.counter);
    this.#typeName = `google.cloud.vision.${context.version}.AnnotateImageResponse`;
    this.#error = source.error;
    if (data === undefined) {
      context.tally.inputs += source.inputs?.length ?? 0;
    } else {
      this.#join.restore(data.join);
      if (data.error !== undefined) this.#note(fromErrorData(data.error));
    }
  }

  /** Whether some responses wait for the others. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** No record that is still to come of this source stands before this place. */
  get floor(): Place {
    return this.#floor.place;
  }

  /** Remembers this point, at which nothing may be held back. */
  mark(): void {
    this.#join.mark();
    this.#markedError = this.#shardError;
  }

  /** What had been found at the last mark, as plain data. */
  toData(): SourceData {
    const error = this.#markedError;
    return {
      join: this.#join.toData(),
      ...(error === undefined ? {} : { error: toErrorData(error) }),
    };
  }

  /** The record of one response; undefined where its input is not known, now or at all. */
  read(item: ShardItem, shard: Shard): ResultRecord<V> | undefined {
    this.#context.tally.responses++;
    const found = this.#decode(item, shard);
    if (this.#mustWait(found)) {
      this.#hold(found, item.bytes);
      return undefined;
    }
    return this.#place(found);
  }

  /** Notes a shard, or a response in it, that could not be read. */
  fail(error: ShardError): void {
    this.#context.tally.addShardError(error);
    this.#note(error);
  }

  /** Notes why responses may be missing. */
  blame(error: Error): void {
    this.#error ??= error;
  }

  /** The records of what was not found, and of responses that waited for the others. */
  *finish(): Generator<ResultRecord<V>, void, undefined> {
    this.shards.sort(compareShards);
    const ranges = coverage(this.shards);
    this.#reportRanges(ranges);
    yield* this.#readHeld(ranges.gaps.length + ranges.overlaps.length === 0);
    this.#context.tally.duplicates += this.#source.inputs === undefined ? 0 : this.#join.duplicates;
    const { documents } = this.#join;
    for (const position of documents) {
      // Shards are numbered per file, so their numbers tell of pages only where there is one file.
      if (documents.length === 1) yield* this.#missingPages(this.#join.at(position));
      this.#context.tally.count(this.#join.statusOf(position));
    }
    const status = this.#source.prefix === undefined ? "notSubmitted" : "missing";
    for (let position = 0; position < this.#join.size; position++) {
      if (this.#join.isAnswered(position)) continue;
      const { uri, index } = this.#join.at(position);
      this.#context.tally.count(status);
      yield { status, index, uri, ...this.#reason() };
    }
  }

  #note(error: ShardError): void {
    this.#shardError ??= error;
    this.#error ??= error;
  }

  #decode(item: ShardItem, shard: Shard): Found {
    const { number, fileUri, hasMore } = item;
    const response = this.#fromJson(item, shard);
    const context = (response["context"] ?? {}) as { uri?: string; pageNumber?: number };
    const numbered = fileUri !== undefined && number > 0 ? number : undefined;
    const uri = context.uri ?? fileUri ?? "";
    const page = context.pageNumber ?? numbered;
    const place = fileUri === undefined ? number - 1 : undefined;
    return { shard, number, uri, page, place, response, hasMore };
  }

  #fromJson(item: ShardItem, shard: Shard): Readonly<Record<string, unknown>> {
    const { version, codec } = this.#context;
    const { fault, number } = item;
    const { uri } = shard.object;
    if (fault !== undefined) {
      const problem = `its response ${number} is broken: ${fault.message}`;
      throw new ShardError(problem, { uri, byteOffset: fault.offset }, { cause: fault });
    }
    try {
      return codec.fromJson(this.#typeName, item.response, { enums: "name", reuse: true });
    } catch (error) {
      if (!(error instanceof JsonDecodeError)) throw error;
      const problem = `its response ${number} is not one of Vision ${version}: ${error.message}`;
      throw new ShardError(problem, { uri, byteOffset: item.offset }, { cause: error });
    }
  }

  /**
   * Without a URI only a response's place tells its input. Where several inputs have the URI, the order
   * of the responses tells it, and that is not the order in which shards appear.
   */
  #mustWait({ uri }: Found): boolean {
    const { inputs, until } = this.#source;
    if (inputs === undefined) return false;
    return uri === "" || (until !== undefined && this.#join.isDuplicated(uri));
  }

  #hold(found: Found, bytes: number): void {
    const { maxHeldBytes } = this.#context;
    this.#heldBytes += bytes;
    if (this.#heldBytes > maxHeldBytes) throw new InputOrderError(this.floor.index, maxHeldBytes);
    this.#held.push(found);
  }

  #place(found: Found): ResultRecord<V> | undefined {
    const input = this.#join.find(found);
    if (input === undefined) {
      this.#unexpected(found);
      return undefined;
    }
    const isNew = this.#source.inputs === undefined && !this.#join.isAnswered(input.position);
    if (isNew) this.#context.tally.inputs++;
    return this.#record(input, found);
  }

  #record(input: JoinedInput, { page, response, hasMore }: Found): ResultRecord<V> {
    const { tally, codec } = this.#context;
    const { status, error } = statusOf(response, { codec, hasMore });
    this.#join.note(input, status, page);
    if (page === undefined) tally.count(status);
    else tally.pages++;
    const place = {
      index: input.index,
      uri: input.uri,
      ...(page === undefined ? {} : { page }),
    };
    if (error === undefined) {
      return { status: "succeeded", ...place, response: response as ImageResponse<V> };
    }
    if (status === "failed") return { status, ...place, error };
    return { status: "partial", ...place, error, response: response as ImageResponse<V> };
  }

  *#readHeld(isGapless: boolean): Generator<ResultRecord<V>, void, undefined> {
    this.#held.sort((a, b) => compareShards(a.shard, b.shard) || a.number - b.number);
    // Places tell inputs only where every response has one, so that none can be off by some.
    const isWhole = isGapless && this.shards.at(-1)?.last === this.#join.size;
    for (const found of this.#held.splice(0)) {
      if (found.uri !== "") {
        const record = this.#place(found);
        if (record !== undefined) yield record;
        continue;
      }
      const input = isWhole ? this.#join.findAt(found) : undefined;
      if (input === undefined) {
        this.#unexpected(found);
      } else {
        this.#context.tally.joinedByPlace++;
        yield this.#record(input, found);
      }
    }
  }

  *#missingPages(document: JoinedInput): Generator<ResultRecord<V>, void, undefined> {
    const { index, uri } = document;
    const pages = this.#join.pagesOf(document.position);
    const last = Math.max(0, ...this.shards.map((shard) => shard.last));
    for (let page = 1; page <= Math.min(last, maxPagesPerFile); page++) {
      if (pages.has(page)) continue;
      this.#join.note(document, "missing");
      yield { status: "missing", index, uri, page, ...this.#reason() };
    }
  }

  #unexpected({ shard, uri, page }: Found): void {
    this.#context.tally.addUnexpected({
      shard: shard.object.uri,
      uri,
      ...(page === undefined ? {} : { page }),
    });
  }

  #reportRanges({ gaps, overlaps }: ReturnType<typeof coverage>): void {
    const { tally } = this.#context;
    const prefix = this.#source.prefix ?? "";
    const named = (range: { first: number; last: number }): PrefixRange => ({ prefix, ...range });
    tally.gaps.push(...gaps.map(named));
    tally.overlaps.push(...overlaps.map(named));
  }

  #reason(): { readonly error?: Error } {
    return this.#error === undefined ? {} : { error: this.#error };
  }
}
