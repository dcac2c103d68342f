import { setImmediate } from "node:timers/promises";
import { freePart } from "../storage/given-parts.ts";
import { inBatches } from "./in-batches.ts";
import { parseJson } from "./scan/parse-json.ts";
import type { ByteSink } from "./scan/byte-sink.ts";
import { ScanFault } from "./scan/scan-fault.ts";
import type { ScannedResponse } from "./scan/response-splitter.ts";
import { ShardScanner, type ScanOptions } from "./scan/shard-scanner.ts";
import { isObject, toEnvelope, type ShardItem } from "./shard-item.ts";

/** How much is read in a turn of the event loop, about: some milliseconds of work. */
export const bytesOfTurn = 512 * 1024;

/** Options of {@link scannedItems}. */
export interface ScannedItemsOptions extends ScanOptions {
  /** The number of the shard's first response. */
  readonly first: number;
  /** Whether nobody else has the chunks, so that they are freed when they have been read. */
  readonly freesChunks: boolean;
}

/**
 * The responses of a shard that comes in pieces, or what a mask keeps of them, in lists: those that
 * end in a piece together. A response that cannot be read does not stop the others. One that tells
 * neither its URI nor its page waits for the end when `inputConfig`, which tells it, has not come before.
 * @param pieces of about `bytesOfTurn` each, at most.
 * @throws {@link ScanFault} after what stands before it.
 */
export async function* scannedItems(
  pieces: AsyncIterable<readonly Uint8Array[]> | Iterable<readonly Uint8Array[]>,
  options: ScannedItemsOptions,
): AsyncGenerator<readonly ShardItem[], void, undefined> {
  const scan = new ItemScan(options);
  let sinceTurn = 0;
  for await (const piece of pieces) {
    // What is there already would be parsed without a turn of the event loop: the shards behind it
    // would not come meanwhile, nor would anything else of the process be served.
    if (sinceTurn > bytesOfTurn) {
      sinceTurn = 0;
      await setImmediate();
    }
    for (const { length } of piece) sinceTurn += length;
    yield* inBatches(scan.itemsOf(piece), Infinity);
  }
  const rest = scan.end();
  if (rest.length > 0) yield rest;
}

/** The items of one shard. */
class ItemScan {
  readonly #scanner: ShardScanner;
  readonly #waiting: WaitingItems;
  readonly #first: number;
  readonly #freesChunks: boolean;
  #number: number;
  #fileUri: string | undefined;

  constructor(options: ScannedItemsOptions) {
    this.#scanner = new ShardScanner(options);
    this.#waiting = new WaitingItems(options.maxResponseBytes);
    this.#first = options.first;
    this.#freesChunks = options.freesChunks;
    this.#number = options.first;
  }

  /** Those that end in these chunks and need not wait. */
  *itemsOf(chunks: readonly Uint8Array[]): Generator<ShardItem, void, undefined> {
    for (const chunk of chunks) {
      for (const scanned of this.#scanner.scan(chunk)) {
        if (this.#number === this.#first) this.#fileUri = fileSoFar(this.#scanner);
        const item = toItem(scanned, this.#number++, this.#fileUri);
        if (this.#fileUri !== undefined || hasUri(item.response)) yield item;
        else this.#waiting.add(item);
      }
      if (this.#freesChunks) freePart(chunk);
    }
  }

  /** Those that have waited; the only one of a bare response; that of a file that failed as a whole. */
  end(): readonly ShardItem[] {
    const rest = this.#scanner.end();
    if (!this.#scanner.isEnvelope) return [toItem(rest, this.#number, undefined)];
    const { fileUri, fileError } = toEnvelope(
      rest.json.length === 0 ? undefined : parse(rest.json),
    );
    if (this.#number === this.#first && fileError !== undefined) {
      return [{ ...toItem(rest, 0, fileUri), response: { error: fileError } }];
    }
    return this.#waiting.items.map((item) => ({ ...item, fileUri }));
  }
}

function fileSoFar(scanner: ShardScanner): string | undefined {
  const rest = scanner.restSoFar();
  return rest.length === 0 ? undefined : toEnvelope(parseJson(rest)).fileUri;
}

function toItem(
  { json, hasMore }: ScannedResponse,
  number: number,
  fileUri: string | undefined,
): ShardItem {
  const bytes = json.length;
  const offset = json.originOf(0);
  try {
    return { number, fileUri, hasMore, bytes, offset, response: parse(json) };
  } catch (fault) {
    if (!(fault instanceof ScanFault)) throw fault;
    return { number, fileUri, hasMore, bytes, offset, response: undefined, fault };
  }
}

function parse(json: ByteSink): unknown {
  if (json.fault !== undefined) throw json.fault;
  try {
    return parseJson(json.bytes);
  } catch (error) {
    if (!(error instanceof ScanFault)) throw error;
    throw new ScanFault(error.message, json.originOf(error.offset));
  }
}

function hasUri(response: unknown): boolean {
  const context = isObject(response) ? response["context"] : undefined;
  return isObject(context) && typeof context["uri"] === "string" && context["uri"] !== "";
}

/** Responses that wait for the end of their shard. */
class WaitingItems {
  readonly items: ShardItem[] = [];
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(item: ShardItem): void {
    this.#bytes += item.bytes;
    if (this.#bytes > this.#maxBytes) {
      const problem = `responses without a URI before its inputConfig exceed maxResponseBytes ${this.#maxBytes}`;
      throw new ScanFault(problem, item.offset);
    }
    this.items.push(item);
  }
}
