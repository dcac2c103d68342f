/** Bytes are not the JSON of a shard. */
export class ScanFault extends Error {
  /** Where, counted from the first byte that was given. */
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(problem);
    this.offset = offset;
  }
}
