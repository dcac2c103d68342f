import type { VNode } from "preact";

/** A fact and what it is called. */
export type Fact = readonly [name: string, value: string];

/** Facts as a list of names with their values. */
export function Pairs({ of }: { readonly of: readonly Fact[] }): VNode {
  return (
    <dl class="pairs">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
