import type { FeatureName } from "../protocol/message-init.ts";

/** A price that holds up to a number of units in a month. */
export interface PriceTier {
  /** Units of the month up to which it holds; absent: all further ones. */
  readonly upTo?: number;
  /** For 1,000 units; absent: not published. */
  readonly perThousand?: number;
}

/** The price of a feature. */
export interface FeaturePrice {
  /** Its prices, from the first unit of a month on. */
  readonly tiers: readonly PriceTier[];
  /** A feature with which it costs nothing. */
  readonly freeWith?: FeatureName;
}

/** What units cost: one feature of one image, or of one page of a file, is a unit. */
export interface PriceTable {
  /** ISO 4217. */
  readonly currency: string;
  /** Where the prices stand and when they were read. */
  readonly source: string;
  /** Features that are not in it have no known price. */
  readonly features: Readonly<Partial<Record<FeatureName, FeaturePrice>>>;
}

const freeUnits = 1000;
const manyUnits = 5_000_000;

function price(few: number, many?: number, freeWith?: FeatureName): FeaturePrice {
  const last = many === undefined ? {} : { perThousand: many };
  const tiers = [{ upTo: freeUnits, perThousand: 0 }, { upTo: manyUnits, perThousand: few }, last];
  return freeWith === undefined ? { tiers } : { tiers, freeWith };
}

/** Google's list prices. They do not tell one for PRODUCT_SEARCH, nor for more than 5 million units of WEB_DETECTION. */
export const googlePrices: PriceTable = {
  currency: "USD",
  source: "https://cloud.google.com/vision/pricing",
  features: {
    LABEL_DETECTION: price(1.5, 1),
    TEXT_DETECTION: price(1.5, 0.6),
    DOCUMENT_TEXT_DETECTION: price(1.5, 0.6),
    SAFE_SEARCH_DETECTION: price(1.5, 0.6, "LABEL_DETECTION"),
    FACE_DETECTION: price(1.5, 0.6),
    LANDMARK_DETECTION: price(1.5, 0.6),
    LOGO_DETECTION: price(1.5, 0.6),
    IMAGE_PROPERTIES: price(1.5, 0.6),
    CROP_HINTS: price(1.5, 0.6, "IMAGE_PROPERTIES"),
    WEB_DETECTION: price(3.5),
    OBJECT_LOCALIZATION: price(2.25, 1.5),
  },
};

/** What a number of images or pages costs. */
export interface Cost {
  /** ISO 4217. */
  readonly currency: string;
  /** What is known of it. */
  readonly amount: number;
  /** Features with units whose price is not known. */
  readonly unpriced: readonly FeatureName[];
}

/**
 * What images or pages cost with some features, where so many were billed in the month before: each
 * feature once, the free ones of the month counted.
 */
export function costOf(
  units: number,
  features: readonly FeatureName[],
  { prices, unitsBefore = 0 }: { readonly prices: PriceTable; readonly unitsBefore?: number },
): Cost {
  let amount = 0;
  const unpriced: FeatureName[] = [];
  const asked = new Set(features);
  for (const feature of asked) {
    const { tiers = [], freeWith } = prices.features[feature] ?? {};
    if (freeWith !== undefined && asked.has(freeWith)) continue;
    const cost = costInTiers(tiers, unitsBefore, unitsBefore + units);
    amount += cost.amount;
    if (cost.left > 0) unpriced.push(feature);
  }
  return { currency: prices.currency, amount, unpriced };
}

function costInTiers(
  tiers: readonly PriceTier[],
  from: number,
  to: number,
): { readonly amount: number; readonly left: number } {
  let amount = 0;
  let counted = from;
  for (const { upTo = Infinity, perThousand } of tiers) {
    const end = Math.min(to, upTo);
    if (perThousand === undefined || end <= counted) continue;
    amount += ((end - counted) * perThousand) / 1000;
    counted = end;
  }
  return { amount, left: to - counted };
}
