import type { Streams } from "../streams.ts";
import { BarProgress } from "./bar-progress.ts";
import { LineProgress } from "./line-progress.ts";
import type { Progress } from "./progress.ts";

/** A bar on a terminal that can draw over a line, lines elsewhere, nothing but notes when `quiet`. */
export function createProgress(stderr: Streams["stderr"], quiet = false): Progress {
  if (quiet) return new LineProgress(stderr, { intervalMs: Number.POSITIVE_INFINITY, quiet });
  const mayDraw = stderr.isTTY === true && process.env["TERM"] !== "dumb";
  return mayDraw ? new BarProgress(stderr) : new LineProgress(stderr);
}
