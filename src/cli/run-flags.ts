import { readFile } from "node:fs/promises";
import type {
  OnUnknownSubmit,
  PriceTable,
  RunLimits,
  RunRequest,
  RunSettingsInit,
} from "../runs/index.ts";
import { UsageError } from "./usage-error.ts";

/** How many inputs one request sends, as it is given. */
export interface ChunkFlags {
  readonly imagesPerRequest?: string;
  readonly filesPerRequest?: string;
}

/** The options of a run that may change when it goes on, as they are given. */
export interface SettingFlags {
  readonly maxImages?: string;
  readonly maxFiles?: string;
  readonly requestsPerMinute?: string;
  readonly onUnknownSubmit?: OnUnknownSubmit;
  /** Minutes. */
  readonly quarantine?: string;
}

/** Reads the sizes of requests. @throws {@link UsageError} */
export function parseChunkFlags({
  imagesPerRequest,
  filesPerRequest,
}: ChunkFlags): Pick<RunRequest, "imagesPerChunk" | "filesPerChunk"> {
  return {
    imagesPerChunk: parseCount("--images-per-request", imagesPerRequest, { min: 1, max: 2000 }),
    filesPerChunk: parseCount("--files-per-request", filesPerRequest, { min: 1 }),
  };
}

/** Reads the settings of a run; what is not given is undefined. @throws {@link UsageError} */
export function parseSettingFlags(flags: SettingFlags): RunSettingsInit {
  const { quarantine, onUnknownSubmit } = flags;
  const limits: RunLimits = {
    maxImagesInProcessing: parseCount("--max-images", flags.maxImages),
    maxFilesInProcessing: parseCount("--max-files", flags.maxFiles),
    requestsPerMinute: parseCount("--requests-per-minute", flags.requestsPerMinute, { min: 1 }),
  };
  const areGiven = Object.values(limits).some((limit) => limit !== undefined);
  return {
    ...(areGiven ? { limits } : {}),
    onUnknownSubmit,
    quarantineMs:
      quarantine === undefined ? undefined : parseNumber("--quarantine", quarantine) * 60_000,
  };
}

/** Reads a whole number; undefined where none is given. @throws {@link UsageError} */
export function parseCount(
  flag: string,
  given: string | undefined,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): number | undefined {
  if (given === undefined) return undefined;
  const count = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (count >= min && count <= max) return count;
  const upper = max === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${max}`;
  throw new UsageError(`${flag} ${given}: expected a whole number of at least ${min}${upper}`);
}

/** Reads a number of at least 0. @throws {@link UsageError} */
export function parseNumber(flag: string, given: string): number {
  const number = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new UsageError(`${flag} ${given}: expected a number of at least 0`);
}

/** Reads a table of prices, in the form of `googlePrices`. @throws {@link UsageError} */
export async function readPrices(path: string | undefined): Promise<PriceTable | undefined> {
  if (path === undefined) return undefined;
  try {
    const table: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isPriceTable(table)) return table;
  } catch (error) {
    throw new UsageError(`--prices ${path}: ${(error as Error).message}`, { cause: error });
  }
  throw new UsageError(
    `--prices ${path}: expected {"currency","source","features":{"LABEL_DETECTION":{"tiers":[{"upTo":1000,"perThousand":0},{"perThousand":1.5}]}}}`,
  );
}

function isPriceTable(table: unknown): table is PriceTable {
  if (!isRecord(table) || !isRecord(table["features"])) return false;
  const isNamed = typeof table["currency"] === "string" && typeof table["source"] === "string";
  return isNamed && Object.values(table["features"]).every(isFeaturePrice);
}

function isFeaturePrice(price: unknown): boolean {
  if (!isRecord(price) || !Array.isArray(price["tiers"])) return false;
  const isNumber = (value: unknown): boolean =>
    value === undefined || (typeof value === "number" && value >= 0);
  return price["tiers"].every(
    (tier: unknown) => isRecord(tier) && isNumber(tier["upTo"]) && isNumber(tier["perThousand"]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
