/** Where a record stands in the order of the inputs. */
export interface Place {
  readonly index: number;
  /** 0 for an image, and where a document is told of as a whole. */
  readonly page: number;
}

/** Orders places. */
export function comparePlaces(a: Place, b: Place): number {
  return a.index - b.index || a.page - b.page;
}

/** The place behind all others. */
export const lastPlace: Place = { index: Infinity, page: Infinity };
