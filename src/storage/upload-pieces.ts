import type { UploadPiece } from "./resumable-upload.ts";

/** Cuts content into pieces of a size, and knows the last one; `pieceBytes` of it is held at a time. */
export async function* uploadPieces(
  content: AsyncIterable<Uint8Array>,
  pieceBytes: number,
): AsyncGenerator<UploadPiece, void, undefined> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    for (let left = chunk; left.length > 0;) {
      // A full piece waits for a further byte: it may be the last.
      if (size === pieceBytes) {
        yield { bytes: Buffer.concat(chunks, size), isLast: false };
        chunks = [];
        size = 0;
      }
      const part = left.subarray(0, pieceBytes - size);
      left = left.subarray(part.length);
      chunks.push(part);
      size += part.length;
    }
  }
  yield { bytes: Buffer.concat(chunks, size), isLast: true };
}
