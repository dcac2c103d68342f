import type { ReadingOrder } from "../results/document/index.ts";
import { UsageError } from "./usage-error.ts";

/** What `--format` may name beside `ndjson`, the command's own form. */
export const exportFormats = [
  "text",
  "markdown",
  "hocr",
  "alto",
  "csv",
  "bigquery",
  "parquet",
  "coco",
  "pdf",
] as const;

/** A format that an exporter writes. */
export type ExportFormat = (typeof exportFormats)[number];

/** Orders in which text may be read. */
export const readingOrders: readonly ReadingOrder[] = ["detected", "columns"];

/** The options of formats, as they are given. */
export interface FormatFlags {
  readonly format?: "ndjson" | ExportFormat;
  readonly readingOrder?: ReadingOrder;
  /** A number, or one by another: `300/72`. */
  readonly scale?: string;
  readonly dpi?: string;
  readonly formulaGuard?: boolean;
}

/** The options of formats, read and checked. */
export interface FormatSettings {
  readonly readingOrder: ReadingOrder | undefined;
  readonly scale: number | undefined;
  readonly dpi: number | undefined;
  readonly formulaGuard: boolean | undefined;
}

const formatsOf: Readonly<Record<keyof FormatSettings, readonly ExportFormat[]>> = {
  readingOrder: ["text", "markdown", "hocr", "alto"],
  scale: ["hocr", "alto"],
  dpi: ["pdf"],
  formulaGuard: ["csv"],
};

/** Reads the options of formats. @throws {@link UsageError} for one that is none, or not of the format. */
export function parseFormatFlags(flags: FormatFlags): FormatSettings {
  const { format = "ndjson", readingOrder, scale, dpi, formulaGuard } = flags;
  for (const [name, formats] of Object.entries(formatsOf)) {
    const isGiven = flags[name as keyof FormatSettings] !== undefined;
    if (!isGiven || formats.some((each) => each === format)) continue;
    const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${option} goes with --format ${formats.join(", ")}`);
  }
  return {
    readingOrder,
    scale: scale === undefined ? undefined : parseRatio("--scale", scale),
    dpi: dpi === undefined ? undefined : parseRatio("--dpi", dpi),
    formulaGuard,
  };
}

function parseRatio(flag: string, given: string): number {
  const [, over = "", under = "1"] = /^(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/.exec(given) ?? [];
  const ratio = Number(over) / Number(under);
  if (ratio > 0 && ratio < Infinity) return ratio;
  throw new UsageError(`${flag} ${given}: expected a number over 0, or one by another as 300/72`);
}
