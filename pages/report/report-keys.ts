import type { KeyHelp } from "../shared/key-help.tsx";

/** The keys that the page knows. */
export const reportKeys: KeyHelp = [
  ["/", "search"],
  ["arrows, Page Up/Down, Home, End", "go through the images, or the words of a text"],
  ["Enter", "look at an image closely"],
  ["← →, j k", "the next or previous image while one is open"],
  ["1 to 7", "words, faces, objects, logos, landmarks, crop hints, products: boxes on or off"],
  ["s", "images or summary"],
  ["t", "light, dark, or as the system"],
  ["Esc", "close"],
];
