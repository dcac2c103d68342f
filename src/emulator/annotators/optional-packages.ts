import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadOptional } from "../../errors/index.ts";

/** What each optional package of the annotators is for. */
export const packagePurposes = {
  sharp: "reading images in the emulator",
  "tesseract.js": "text detection in the emulator",
  "@tesseract.js-data/eng": "text detection in the emulator",
  smartcrop: "crop hints in the emulator",
  "@hyzyla/pdfium": "reading PDF files in the emulator",
} as const;

/** An optional package of the annotators. */
export type AnnotatorPackage = keyof typeof packagePurposes;

/**
 * Loads an optional package of the annotators.
 * @throws MissingPackageError when it is not installed.
 */
export function loadPackage<T>(name: AnnotatorPackage, load: () => Promise<T>): Promise<T> {
  return loadOptional(name, packagePurposes[name], load);
}

/**
 * The folder of tesseract's English data.
 * @throws MissingPackageError when it is not installed.
 */
export function findEnglishData(): Promise<string> {
  const name = "@tesseract.js-data/eng";
  return loadPackage(name, () => {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return Promise.resolve(join(dirname(manifest), "4.0.0_best_int"));
  });
}
