import { useSignalEffect, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { ItemText } from "../../src/report/report-data.ts";
import { linesOf, runsDown, wordsOf } from "./item-words.ts";
import { fold, search } from "./text-search.ts";

/** Words that were read with less than this confidence are marked, in percent. */
const unsureBelow = 70;

/** The places of words that a search has found. */
export function hitsIn(text: ItemText): readonly number[] {
  const terms = search.value?.terms.flatMap((term) => term.split(/\s+/)) ?? [];
  if (terms.length === 0) return [];
  return wordsOf(text).flatMap(({ start, end }, place) => {
    const word = fold(text.text.slice(start, end));
    return terms.some((term) => word.includes(term)) ? [place] : [];
  });
}

/** The text of an item, line by line as it runs; the word that is lit in the picture is lit here too. */
export function TextPane({
  text,
  lit,
}: {
  readonly text: ItemText;
  readonly lit: Signal<number>;
}): VNode {
  const pane = useRef<HTMLDivElement>(null);
  // One word of thousands: the rest is not drawn again for it.
  useSignalEffect(() => {
    const before = pane.current?.querySelector(".lit");
    before?.classList.remove("lit");
    const now = pane.current?.querySelector(`[data-word="${lit.value}"]`);
    now?.classList.add("lit");
    if (!pane.current?.matches(":hover")) now?.scrollIntoView({ block: "nearest" });
  });
  const hits = hitsIn(text);
  const lines = useMemo(() => <Lines text={text} hits={new Set(hits)} />, [text, hits.join()]);
  return (
    <div class="finding">
      <h3>
        Text
        <span class="note">{noteOf(text)}</span>
      </h3>
      <div
        ref={pane}
        class={runsDown(text) ? "text down" : "text"}
        tabIndex={0}
        role="group"
        aria-label="Text; the arrow keys go from word to word"
        onPointerOver={({ target }) => {
          if (target instanceof HTMLElement) lit.value = Number(target.dataset["word"] ?? -1);
        }}
        onPointerLeave={() => (lit.value = -1)}
        onKeyDown={(event) => {
          const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          lit.value = Math.max(0, Math.min(wordsOf(text).length - 1, lit.value + by));
        }}
      >
        {lines}
      </div>
    </div>
  );
}

function Lines(props: { readonly text: ItemText; readonly hits: ReadonlySet<number> }): VNode {
  const { text, hits } = props;
  const words = wordsOf(text);
  return (
    <>
      {linesOf(text).map((line, i) => {
        let at = line.start;
        const parts = line.words.flatMap((place) => {
          const word = words[place];
          if (word === undefined) return [];
          const { start, end, confidence } = word;
          const before = text.text.slice(at, start);
          at = end;
          const isUnsure = confidence !== undefined && confidence < unsureBelow;
          const kinds = [hits.has(place) ? "hit" : "", isUnsure ? "unsure" : ""].join(" ").trim();
          return [
            before,
            <span
              key={place}
              data-word={place}
              class={kinds || undefined}
              title={confidence === undefined ? undefined : `${confidence}%`}
            >
              {text.text.slice(start, end)}
            </span>,
          ];
        });
        return (
          <p key={i} dir={line.direction}>
            {parts}
            {text.text.slice(at, line.end)}
          </p>
        );
      })}
    </>
  );
}

function noteOf({ languages, confidence }: ItemText): string {
  const parts = [
    ...languages.slice(0, 4).map(languageName),
    ...(confidence === undefined ? [] : [`${confidence}%`]),
  ];
  return parts.join(", ");
}

/** The name of a language, or its code where it has none. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
