/**
 * The bytes that chunks hold, unzipped where they begin as gzip does: what a store tells of their
 * encoding may be wrong. Leaving it leaves the chunks.
 * @throws ScanFault where they are damaged, with the place in what was unzipped.
 */
export async function* unzipped(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const head = await readHead(iterator);
    const all = rejoined(head, iterator);
    if (head[0] === 0x1f && head[1] === 0x8b) {
      // Few shards are zipped, and what unzips them is slow to load.
      const { throughGunzip } = await import("./gunzip.ts");
      yield* throughGunzip(all);
    } else yield* all;
  } finally {
    await iterator.return?.();
  }
}

/** The first bytes: two at least, where there are as many. */
async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoined(
  head: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}
