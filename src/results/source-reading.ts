import { JsonDecodeError, ShardError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { JsonCodec } from "../protocol/json-codec.ts";
import { maxPagesPerFile } from "../protocol/limits.ts";
import type { ShardSet } from "./find-shards.ts";
import { InputJoin, type InputState } from "./input-join.ts";
import type { Tally } from "./manifest.ts";
import type { ShardItem } from "./read-shard.ts";
import { statusOf } from "./response-status.ts";
import type { ImageResponse } from "./response-types.ts";
import type { ResultRecord, ResultStatus } from "./result-record.ts";
import type { PlacedSource } from "./result-source.ts";
import type { Shard } from "./shard-name.ts";

/** What all sources of one reading share. */
export interface ReadingContext {
  readonly version: ApiVersion;
  readonly codec: JsonCodec;
  readonly tally: Tally;
}

/** A decoded response with what is needed to find its input. */
interface Found {
  readonly shard: Shard;
  readonly number: number;
  readonly uri: string;
  readonly page: number | undefined;
  readonly response: Readonly<Record<string, unknown>>;
}

/** The reading of one source: joins its responses to its inputs and tells what is missing in the end. */
export class SourceReading<V extends ApiVersion> {
  readonly shards: ShardSet | undefined;
  readonly #source: PlacedSource;
  readonly #context: ReadingContext;
  readonly #join: InputJoin;
  readonly #typeName: string;
  readonly #withoutUri: Found[] = [];
  #error: Error | undefined;

  /** A source without shards was never submitted. */
  constructor(source: PlacedSource, shards: ShardSet | undefined, context: ReadingContext) {
    this.#source = source;
    this.shards = shards;
    this.#context = context;
    this.#join = new InputJoin(source);
    this.#typeName = `google.cloud.vision.${context.version}.AnnotateImageResponse`;
    this.#error = source.error;
    const { tally } = context;
    tally.inputs += source.inputs?.length ?? 0;
    for (const range of shards?.gaps ?? []) tally.gaps.push({ prefix: this.#prefix, ...range });
    for (const range of shards?.overlaps ?? []) {
      tally.overlaps.push({ prefix: this.#prefix, ...range });
    }
  }

  /** The record of one response; undefined where its input is not known, now or at all. */
  read(item: ShardItem, shard: Shard): ResultRecord<V> | undefined {
    this.#context.tally.responses++;
    const found = this.#decode(item, shard);
    if (found.uri === "" && this.#source.inputs !== undefined) {
      this.#withoutUri.push(found);
      return undefined;
    }
    const input = this.#join.find(found.uri, found.page);
    if (input === undefined) {
      this.#unexpected(found);
      return undefined;
    }
    if (this.#source.inputs === undefined && input.statuses.size === 0)
      this.#context.tally.inputs++;
    return this.#record(input, found);
  }

  /** Notes a shard, or a response in it, that could not be read. */
  fail(error: ShardError): void {
    this.#context.tally.shardErrors.push(error);
    this.#error ??= error;
  }

  /** The records of what was not found, and of responses that only their place tells of. */
  *finish(): Generator<ResultRecord<V>, void, undefined> {
    yield* this.#readWithoutUri();
    this.#context.tally.duplicates += this.#source.inputs === undefined ? 0 : this.#join.duplicates;
    const documents = this.#join.inputs.filter(({ pages }) => pages.size > 0);
    for (const document of documents) {
      // Shards are numbered per file, so their numbers tell of pages only where there is one file.
      if (documents.length === 1) yield* this.#missingPages(document);
      this.#context.tally.count(documentStatus(document.statuses));
    }
    const status = this.shards === undefined ? "notSubmitted" : "missing";
    for (const { uri, index, statuses } of this.#join.inputs) {
      if (statuses.size > 0) continue;
      this.#context.tally.count(status);
      yield { status, index, uri, ...this.#reason() };
    }
  }

  #decode({ response: json, number, fileUri }: ShardItem, shard: Shard): Found {
    const response = this.#fromJson(json, number, shard);
    const context = (response["context"] ?? {}) as { uri?: string; pageNumber?: number };
    const numbered = fileUri !== undefined && number > 0 ? number : undefined;
    const uri = context.uri ?? fileUri ?? "";
    return { shard, number, uri, page: context.pageNumber ?? numbered, response };
  }

  #fromJson(json: unknown, number: number, shard: Shard): Readonly<Record<string, unknown>> {
    try {
      return this.#context.codec.fromJson(this.#typeName, json, { enums: "name", reuse: true });
    } catch (error) {
      if (!(error instanceof JsonDecodeError)) throw error;
      const problem = `its response ${number} is not one of Vision ${this.#context.version}: ${error.message}`;
      throw new ShardError(problem, { uri: shard.object.uri }, { cause: error });
    }
  }

  #record(input: InputState, { page, response }: Found): ResultRecord<V> {
    const { tally, codec } = this.#context;
    const { status, error } = statusOf(response, codec);
    input.statuses.add(status);
    if (page === undefined) {
      tally.count(status);
    } else {
      tally.pages++;
      input.pages.add(page);
    }
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

  /** Places tell inputs only where every response has one, so that none can be off by some. */
  *#readWithoutUri(): Generator<ResultRecord<V>, void, undefined> {
    const { shards, gaps = [], overlaps = [] } = this.shards ?? { shards: [] };
    const last = shards.at(-1)?.last;
    const whole = gaps.length + overlaps.length === 0 && last === this.#join.inputs.length;
    for (const found of this.#withoutUri) {
      const input = whole ? this.#join.findAt(found.number - 1) : undefined;
      if (input === undefined) {
        this.#unexpected(found);
      } else {
        this.#context.tally.joinedByPlace++;
        yield this.#record(input, found);
      }
    }
  }

  *#missingPages(document: InputState): Generator<ResultRecord<V>, void, undefined> {
    const { index, uri, pages, statuses } = document;
    const last = Math.max(0, ...(this.shards?.shards ?? []).map((shard) => shard.last));
    for (let page = 1; page <= Math.min(last, maxPagesPerFile); page++) {
      if (pages.has(page)) continue;
      statuses.add("missing");
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

  #reason(): { readonly error?: Error } {
    return this.#error === undefined ? {} : { error: this.#error };
  }

  get #prefix(): string {
    return this.#source.prefix ?? "";
  }
}

/** A document is what all its pages are; mixed, it is partial. */
function documentStatus(statuses: ReadonlySet<ResultStatus>): ResultStatus {
  const [first = "missing"] = statuses;
  return statuses.size === 1 ? first : "partial";
}
