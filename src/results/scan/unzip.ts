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
    if (head[0] === 0x1f && head[1] === 0x8b) {
      // Few shards are zipped, and what unzips them is slow to load.
      const { throughGunzip } = await import("./gunzip.ts");
      yield* throughGunzip(rejoined(head, iterator));
      return;
    }
    // Not through a generator of their own, which would cost as much as all else that is done with a chunk.
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      yield next.value;
    }
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
  yield head;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    yield next.value;
  }
}
