import { createHash } from "node:crypto";

/** The items in an order that depends on the seed and the items alone. */
export function shuffle(items: readonly string[], seed: string): string[] {
  const rank = (item: string) => createHash("sha256").update(`${seed}\0${item}`).digest("hex");
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}
