/** What is read of a value: all of it, or some members of the objects in it. */
export type Selection = "all" | MaskNode;

/** What is read of a message. */
export interface MaskNode {
  /** The members that are read, by each name that JSON may have for them. */
  readonly members: ReadonlyMap<string, Selection>;
  /** Each name that JSON may have for a member. */
  readonly known: ReadonlySet<string>;
  /** Those of `known` that name lists. */
  readonly lists: ReadonlySet<string>;
}
