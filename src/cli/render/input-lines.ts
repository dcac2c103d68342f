import type { InputStory, PlaceStory } from "../run-story.ts";
import { chunkLines } from "./chunk-lines.ts";
import type { LeftHints } from "./left-run.ts";

/** What happened to an input, a line each. */
export function inputLines({ input, places }: InputStory, hints: LeftHints): readonly string[] {
  const { index, uri, customId } = input;
  return [
    `input ${index}: ${uri}${customId === undefined ? "" : ` (${customId})`}`,
    ...places.flatMap((place) => placeLines(place, hints)),
  ];
}

function placeLines({ position, status, prefix, story }: PlaceStory, hints: LeftHints): string[] {
  const { number } = story.chunk;
  const became = status === "retried" ? "sent again by a later chunk" : (status ?? "open");
  return [
    `in chunk ${number}, place ${position} of its request: ${became}`,
    ...(prefix === undefined ? [] : [`results under ${prefix}`]),
    "",
    ...chunkLines(story, hints),
  ];
}
