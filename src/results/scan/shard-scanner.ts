import { JsonWalker } from "./json-walker.ts";
import { ResponseSplitter, type ScannedResponse, type SplitOptions } from "./response-splitter.ts";
import { ScanFault } from "./scan-fault.ts";
import { toChunk } from "./chunk.ts";

/** Options of {@link ShardScanner}. */
export interface ScanOptions extends SplitOptions {
  /** How deep lists and objects may nest. */
  readonly maxDepth: number;
}

const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Splits the JSON of a shard into its responses without building it: `{ responses, inputConfig }` with
 * members in any order, a bare list of responses, a bare response. Bytes may come in pieces of any
 * size. What is kept is not checked; of what a mask leaves out only strings and brackets are.
 */
export class ShardScanner {
  readonly #walker: JsonWalker;
  readonly #splitter: ResponseSplitter;
  #offset = 0;
  #isBeforeText = true;

  constructor(options: ScanOptions) {
    this.#splitter = new ResponseSplitter(options);
    this.#walker = new JsonWalker(this.#splitter, options.maxDepth);
  }

  /** How many bytes were scanned. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether it has a member `responses` or `inputConfig`, or is a list, so far: then it is no bare response. */
  get isEnvelope(): boolean {
    return this.#splitter.isEnvelope;
  }

  /** What the shard was found to hold beside its responses so far, as JSON; empty where nothing was. @throws {@link ScanFault} */
  restSoFar(): Buffer {
    const { json } = this.#splitter.rest();
    if (json.fault !== undefined) throw json.fault;
    return json.length === 0 ? Buffer.alloc(0) : Buffer.concat([json.bytes, Buffer.from("}")]);
  }

  /**
   * Goes on with the next bytes and yields the responses that end in them.
   * @throws {@link ScanFault}
   */
  *scan(bytes: Uint8Array): Generator<ScannedResponse, void, undefined> {
    const chunk = toChunk(bytes, this.#offset);
    let at = this.#isBeforeText ? this.#skipMark(bytes) : 0;
    while (at < bytes.length) {
      at = this.#walker.advance(chunk, at);
      const response = this.#splitter.takeResponse();
      if (response !== undefined) yield response;
    }
    this.#offset += bytes.length;
  }

  /**
   * Ends the scan and gives what the shard holds beside its responses, `inputConfig` and `error` among
   * it, or a bare response.
   * @throws {@link ScanFault} where the shard is cut off.
   */
  end(): ScannedResponse {
    this.#walker.end(this.#offset);
    return this.#splitter.rest();
  }

  /** A byte order mark, which may come in pieces too, is no text. */
  #skipMark(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && bytes[at] === byteOrderMark[this.#offset + at]) at++;
    const matched = this.#offset + at;
    this.#isBeforeText = at === bytes.length && matched < byteOrderMark.length;
    if (!this.#isBeforeText && matched > 0 && matched < byteOrderMark.length) {
      throw new ScanFault("its byte order mark is cut off", matched);
    }
    return at;
  }
}
