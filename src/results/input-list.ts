/**
 * Inputs by their position. A list that holds none of them makes each when it is asked for, so that
 * thousands of inputs take no memory while their results are read; an array is one that does.
 */
export interface InputList<Input> {
  readonly length: number;
  /** The input at a position from 0; undefined where there is none. */
  at(position: number): Input | undefined;
}
