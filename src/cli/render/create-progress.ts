import type { Streams } from "../streams.ts";
import { BarProgress } from "./bar-progress.ts";
import { LineProgress } from "./line-progress.ts";
import type { Progress } from "./progress.ts";

/** A bar on a terminal, lines elsewhere, nothing but notes when `quiet`. */
export function createProgress(stderr: Streams["stderr"], quiet = false): Progress {
  if (quiet) return new LineProgress(stderr, { intervalMs: Number.POSITIVE_INFINITY, quiet });
  return stderr.isTTY === true ? new BarProgress(stderr) : new LineProgress(stderr);
}
