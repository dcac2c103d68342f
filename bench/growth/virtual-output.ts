import type { ObjectInfo, ObjectStore, WriteOptions } from "../../src/storage/index.ts";

interface Shard {
  readonly info: ObjectInfo;
  readonly content: Uint8Array;
}

const imagesPerShard = 20;
/** Outputs that are kept: more than are processed and read at a time, so that memory does not grow with the run. */
const outputsKept = 16;
const bucket = "virtual";

/** A store in this process that holds what a virtual service has written last: a short response an image. */
export class VirtualOutput implements ObjectStore {
  readonly #outputs = new Map<string, readonly string[]>();

  /** Writes the output of an operation below a prefix; its shards are made when they are asked for. */
  add(prefix: string, uris: readonly string[]): void {
    this.#outputs.set(prefix, uris);
    const [oldest] = this.#outputs.keys();
    if (this.#outputs.size > outputsKept && oldest !== undefined) this.#outputs.delete(oldest);
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo, void, undefined> {
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    const uris = this.#outputs.get(folder) ?? [];
    for (let first = 0; first < uris.length; first += imagesPerShard) {
      const { info } = makeShard(folder, uris, first);
      if (info.uri.startsWith(prefix)) yield await Promise.resolve(info);
    }
  }

  async *read(uri: string): AsyncGenerator<Uint8Array, void, undefined> {
    const [, prefix = "", first] = /^(.*\/)output-(\d+)-to-\d+\.json$/.exec(uri) ?? [];
    const uris = this.#outputs.get(prefix);
    if (uris === undefined) throw new Error(`${uri} is not kept any more`);
    const { content } = makeShard(prefix, uris, Number(first) - 1);
    yield await Promise.resolve(content);
  }

  write(uri: string, _content: unknown, _options?: WriteOptions): Promise<ObjectInfo> {
    return Promise.resolve(infoOf(uri, 0));
  }

  delete(): Promise<boolean> {
    return Promise.resolve(true);
  }

  stat(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

function makeShard(prefix: string, uris: readonly string[], first: number): Shard {
  const part = uris.slice(first, first + imagesPerShard);
  const responses = part.map(
    (uri) =>
      `{"labelAnnotations":[{"mid":"/m/01yrx","description":"cat","score":0.5}],"context":{"uri":"${uri}"}}`,
  );
  const content = Buffer.from(`{"responses":[${responses.join(",")}]}`);
  const uri = `${prefix}output-${first + 1}-to-${first + part.length}.json`;
  return { info: infoOf(uri, content.length), content };
}

function infoOf(uri: string, size: number): ObjectInfo {
  const name = uri.slice(`gs://${bucket}/`.length);
  return { uri, bucket, name, generation: "1", size, updated: "2026-01-01T00:00:00Z" };
}
