/** An invariant that did not hold. */
export interface Violation {
  /** Which one. */
  readonly invariant: string;
  /** What is there in its place. */
  readonly message: string;
  /** The chunk that it is about, where it is about one. */
  readonly chunk?: number;
}
