import { setImmediate } from "node:timers/promises";
import { parseJson } from "./scan/parse-json.ts";
import type { ByteSink } from "./scan/byte-sink.ts";
import { ScanFault } from "./scan/scan-fault.ts";
import type { ScannedResponse } from "./scan/response-splitter.ts";
import { ShardScanner, type ScanOptions } from "./scan/shard-scanner.ts";
import { isObject, toEnvelope, type ShardItem } from "./shard-item.ts";

/** How much is parsed in a turn of the event loop, about: some milliseconds of work. */
const bytesOfTurn = 512 * 1024;

/** Options of {@link scannedItems}. */
export interface ScannedItemsOptions extends ScanOptions {
  /** The number of the shard's first response. */
  readonly first: number;
}

/**
 * The responses of a shard that is read in pieces, each as soon as it has come, or what a mask keeps
 * of them. A response that cannot be read does not stop the others. One that tells neither its URI nor its page waits for the end when `inputConfig`, which
 * tells it, has not come before.
 * @throws {@link ScanFault}
 */
export async function* scannedItems(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ScannedItemsOptions,
): AsyncGenerator<ShardItem, void, undefined> {
  const scanner = new ShardScanner(options);
  const waiting = new WaitingItems(options.maxResponseBytes);
  let number = options.first;
  let fileUri: string | undefined;
  let sinceTurn = 0;
  for await (const chunk of chunks) {
    for (const scanned of scanner.scan(chunk)) {
      if (number === options.first) fileUri = fileSoFar(scanner);
      const item = toItem(scanned, number++, fileUri);
      if (fileUri !== undefined || hasUri(item.response)) yield item;
      else waiting.add(item);
      // What is there already would be parsed without a turn of the event loop: the shards behind it
      // would not come meanwhile, nor would anything else of the process be served.
      sinceTurn += item.bytes;
      if (sinceTurn > bytesOfTurn) {
        sinceTurn = 0;
        await setImmediate();
      }
    }
  }
  const rest = scanner.end();
  if (!scanner.isEnvelope) {
    yield toItem(rest, number, undefined);
    return;
  }
  const envelope = toEnvelope(rest.json.length === 0 ? undefined : parse(rest.json));
  for (const item of waiting.items) yield { ...item, fileUri: envelope.fileUri };
  if (number === options.first && envelope.fileError !== undefined) {
    const response = { error: envelope.fileError };
    yield { ...toItem(rest, 0, envelope.fileUri), response };
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
  const place = { number, fileUri, hasMore, bytes: json.length, offset: json.originOf(0) };
  try {
    return { ...place, response: parse(json) };
  } catch (error) {
    if (!(error instanceof ScanFault)) throw error;
    return { ...place, response: undefined, fault: error };
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
