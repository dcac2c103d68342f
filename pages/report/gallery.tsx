import { defaultRangeExtractor } from "@tanstack/virtual-core";
import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useVirtualizer } from "../shared/use-virtualizer.ts";
import { Card } from "./card.tsx";
import { indexed, summary } from "./report-store.ts";
import { search } from "./text-search.ts";
import { active, matches, opened } from "./view-state.ts";

const gap = 14;
const captionHeight = 62;
const leastWidth = { wide: 210, narrow: 150 };

/** The list of items that match, of which only what is in view is drawn. */
export function Gallery(): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => {
      setWidth(element.clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const found = matches.value;
  const layout = layOut(width);
  const rows = Math.ceil(found.length / layout.columns);
  const activeRow = Math.floor(Math.min(active.value, found.length - 1) / layout.columns);
  const virtualizer = useVirtualizer({
    count: rows,
    ...{ paddingStart: gap, paddingEnd: gap },
    estimateSize: () => layout.rowHeight,
    getScrollElement: () => scroller.current,
    // The card that the keyboard is at is always there to come back to.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      if (activeRow < 0 || activeRow >= rows || shown.includes(activeRow)) return shown;
      return [...shown, activeRow].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => {
    virtualizer.measure();
  }, [layout.rowHeight, layout.columns]);
  useLayoutEffect(() => {
    if (found.length > 0 && width > 0) markShown();
  }, [found.length > 0 && width > 0]);

  const go = (event: KeyboardEvent): void => {
    const position = target(event.key, active.value, { ...layout, count: found.length });
    if (position === undefined) return;
    event.preventDefault();
    active.value = position;
    virtualizer.scrollToIndex(Math.floor(position / layout.columns), { align: "auto" });
    requestAnimationFrame(() => {
      const card = scroller.current?.querySelector(`[data-position="${position}"]`);
      if (card instanceof HTMLElement) card.focus({ preventScroll: true });
    });
  };
  return (
    <div class="gallery" ref={scroller} onKeyDown={go} tabIndex={-1}>
      {found.length === 0 && <Nothing />}
      <ul class="rows" style={{ height: `${virtualizer.getTotalSize()}px` }} aria-label="Images">
        {virtualizer.getVirtualItems().flatMap((row) =>
          Array.from({ length: layout.columns }, (_, column) => {
            const position = row.index * layout.columns + column;
            const place = found[position];
            if (place === undefined) return null;
            const left = gap + column * (layout.cardWidth + gap);
            return (
              <li
                key={place}
                aria-setsize={found.length}
                aria-posinset={position + 1}
                style={{
                  width: `${layout.cardWidth}px`,
                  height: `${layout.rowHeight - gap}px`,
                  transform: `translate(${left}px, ${row.start}px)`,
                }}
              >
                <Card
                  place={place}
                  position={position}
                  width={layout.cardWidth - 2}
                  height={layout.pictureHeight}
                />
              </li>
            );
          }),
        )}
      </ul>
    </div>
  );
}

interface Layout {
  readonly columns: number;
  readonly cardWidth: number;
  readonly pictureHeight: number;
  readonly rowHeight: number;
}

function layOut(width: number): Layout {
  const least = width < 560 ? leastWidth.narrow : leastWidth.wide;
  const columns = Math.max(1, Math.floor((width - gap) / (least + gap)));
  const cardWidth = Math.max(100, Math.floor((width - gap) / columns) - gap);
  const pictureHeight = Math.round(cardWidth * 0.78);
  return { columns, cardWidth, pictureHeight, rowHeight: pictureHeight + captionHeight + gap };
}

/** Where a key leads to; undefined where it is none of the list's. */
function target(
  key: string,
  from: number,
  { columns, count }: { readonly columns: number; readonly count: number },
): number | undefined {
  if (count === 0 || opened.value !== undefined) return undefined;
  const page = columns * 4;
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns },
    ...{ PageUp: -page, PageDown: page, Home: -count, End: count },
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, from + step));
}

function Nothing(): VNode {
  const isReading = indexed.value < summary.items;
  const found = search.value;
  const isSearching = found !== undefined && found.done < summary.items;
  const text =
    summary.items === 0
      ? "This report has no images."
      : isReading || isSearching
        ? "Looking…"
        : "No image matches. Clear the search or the filters to see all.";
  return <p class="nothing">{text}</p>;
}

/** Tells those who measure when the first cards were drawn. */
function markShown(): void {
  if (performance.getEntriesByName("report-shown").length > 0) return;
  requestAnimationFrame(() => {
    setTimeout(() => performance.mark("report-shown"));
  });
}
