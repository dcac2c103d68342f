import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { gridSize, type ItemText, type ReportItem } from "../../src/report/report-data.ts";
import { linesOf, wordsOf, type PlacedWord } from "./item-words.ts";

/** The words of an item where they stand, each as wide as its box: what is seen where there is no picture. */
export function WordSheet({ item }: { readonly item: ReportItem }): VNode | null {
  const { text, width, height } = item;
  const ratio = width > 0 && height > 0 ? width / height : 1;
  const words = useMemo(() => (text === undefined ? [] : drawWords(text, ratio)), [text, ratio]);
  if (words.length === 0) return null;
  return (
    <svg class="word-sheet" viewBox={`0 0 ${gridSize * ratio} ${gridSize}`} aria-hidden="true">
      {words}
    </svg>
  );
}

function drawWords(text: ItemText, ratio: number): readonly VNode[] {
  const words = wordsOf(text);
  return linesOf(text).flatMap(({ words: places, runsDown }) =>
    places.flatMap((place) => {
      const word = words[place];
      const shape = word && shapeOf(word, ratio);
      if (word === undefined || shape === undefined) return [];
      const written = text.text.slice(word.start, word.end);
      return <SetWord key={place} text={written} shape={shape} isDown={runsDown} />;
    }),
  );
}

function SetWord(props: {
  readonly text: string;
  readonly shape: Shape;
  readonly isDown: boolean;
}): VNode {
  const { text, shape, isDown } = props;
  const { x, y, wide, high, turn } = shape;
  const place = isDown ? { x: wide / 2, y: 0 } : { x: 0, y: high * 0.78 };
  return (
    <text
      class={isDown ? "down" : undefined}
      transform={`translate(${x} ${y}) rotate(${turn})`}
      {...place}
      font-size={(isDown ? wide : high) * 0.85}
      textLength={isDown ? high : wide}
      lengthAdjust="spacingAndGlyphs"
    >
      {text}
    </text>
  );
}

interface Shape {
  /** The corner that the word begins below, on a grid with the same scale on both sides. */
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly high: number;
  /** Degrees. */
  readonly turn: number;
}

/** Corners go round from where the word begins, however it is turned. */
function shapeOf({ corners }: PlacedWord, ratio: number): Shape | undefined {
  if (corners.length !== 8) return undefined;
  const [ax = 0, ay = 0, bx = 0, by = 0, , , dx = 0, dy = 0] = corners;
  const [across, along] = [(bx - ax) * ratio, by - ay];
  const wide = Math.hypot(across, along);
  const high = Math.hypot((dx - ax) * ratio, dy - ay);
  if (wide < 1 || high < 1) return undefined;
  const turn = (Math.atan2(along, across) * 180) / Math.PI;
  return { x: ax * ratio, y: ay, wide, high, turn: Math.round(turn * 10) / 10 };
}
