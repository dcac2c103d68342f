import type { RunProgress } from "./journal/run-progress.ts";

/** Images and pages that are billed, as far as the journal tells. */
export interface BilledUnits {
  /** Of accepted submits. */
  readonly images: number;
  /** Of submits that may have been accepted. */
  readonly perhapsImages: number;
  /** Of files whose results were read: before that nobody has counted them. */
  readonly pages: number;
}

/** What a run is billed for. */
export function billedUnits({
  attempts: { accepted, unknown, pending },
  pages,
}: Pick<RunProgress, "attempts" | "pages">): BilledUnits {
  const perhapsImages = unknown.inputs - unknown.files + pending.inputs - pending.files;
  return { images: accepted.inputs - accepted.files, perhapsImages, pages };
}
