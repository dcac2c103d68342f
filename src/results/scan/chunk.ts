/** A part of a document, with a view of it that reads several bytes at once. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The place of its first byte in the document. */
  readonly offset: number;
}

/** A chunk of these bytes. */
export function toChunk(bytes: Uint8Array, offset: number): Chunk {
  return { bytes, offset, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}
