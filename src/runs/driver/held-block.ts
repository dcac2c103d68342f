import type { Journal } from "../journal/journal.ts";
import type { HeldChunk } from "./held-chunk.ts";

/**
 * The inputs of a chunk as they are kept; undefined where its run was removed meanwhile, and its claim with it.
 * @throws JournalError
 */
export async function readHeldBlock(
  held: HeldChunk,
  journal: Journal,
): Promise<Uint8Array | undefined> {
  const block = await journal.readBlock(held.claim);
  if (block !== undefined) return block;
  if ((await journal.readChunk(held.claim)) !== undefined) {
    throw new Error(`the inputs of chunk ${held.claim.number} are gone`);
  }
  held.lose();
  return undefined;
}
