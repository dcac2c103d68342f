import { fromPixels, type Pixels, type Sharp } from "./page-image.ts";
import type { AnnotateImageResponseJson, ColorInfoJson } from "./response-json.ts";

interface Cluster {
  count: number;
  red: number;
  green: number;
  blue: number;
}

// 112 x 112 pixels tell the colours of a picture as well as all of them do.
const sampleSidePixels = 112;
const maxColors = 10;
const mergeDistance = 40;

/**
 * The dominant colours of an image, the highest score first: `pixelFraction` is the part of the
 * pixels near that colour, `score` that part weighted by how vivid the colour is. Over all colours,
 * those cut off included, each adds up to 1.
 */
export async function imageProperties(
  sharp: Sharp,
  pixels: Pixels,
  maxResults = 0,
): Promise<AnnotateImageResponseJson> {
  const sample = await fromPixels(sharp, pixels)
    .resize({
      width: sampleSidePixels,
      height: sampleSidePixels,
      fit: "inside",
      withoutEnlargement: true,
    })
    .raw()
    .toBuffer();
  const clusters = mergeNear(histogram(sample));
  const limit = maxResults > 0 ? Math.min(maxResults, maxColors) : maxColors;
  const colors = toColors(clusters).slice(0, limit);
  return { imagePropertiesAnnotation: { dominantColors: { colors } } };
}

/** Counts colours by the upper four bits of each channel, the most frequent first. */
function histogram(rgb: Uint8Array): readonly Cluster[] {
  const bins = new Map<number, Cluster>();
  for (let i = 0; i + 2 < rgb.length; i += 3) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(i, i + 3);
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    addTo(bin, { count: 1, red, green, blue });
    bins.set(key, bin);
  }
  return [...bins.values()].sort((a, b) => b.count - a.count);
}

/** Channels are sums over the counted pixels, so that clusters can be added. */
function addTo(cluster: Cluster, other: Cluster): void {
  cluster.count += other.count;
  cluster.red += other.red;
  cluster.green += other.green;
  cluster.blue += other.blue;
}

function mergeNear(bins: readonly Cluster[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const bin of bins) {
    const near = clusters.find((cluster) => distance(cluster, bin) < mergeDistance);
    if (near === undefined) clusters.push({ ...bin });
    else addTo(near, bin);
  }
  return clusters;
}

function distance(a: Cluster, b: Cluster): number {
  return Math.hypot(
    a.red / a.count - b.red / b.count,
    a.green / a.count - b.green / b.count,
    a.blue / a.count - b.blue / b.count,
  );
}

function toColors(clusters: readonly Cluster[]): readonly ColorInfoJson[] {
  const weights = clusters.map((cluster) => cluster.count * (0.1 + vividness(cluster)));
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const totalCount = clusters.reduce((sum, { count }) => sum + count, 0);
  return clusters
    .map((cluster, n) => ({
      color: toColor(cluster),
      score: round((weights[n] ?? 0) / totalWeight),
      pixelFraction: round(cluster.count / totalCount),
    }))
    .sort((a, b) => b.score - a.score);
}

function vividness({ count, red, green, blue }: Cluster): number {
  return (Math.max(red, green, blue) - Math.min(red, green, blue)) / count / 255;
}

function toColor({ count, ...sums }: Cluster): ColorInfoJson["color"] {
  const means = Object.entries(sums).map(([channel, sum]) => [channel, Math.round(sum / count)]);
  return Object.fromEntries(means.filter(([, value]) => value !== 0)) as ColorInfoJson["color"];
}

function round(ratio: number): number {
  return Math.round(ratio * 1e6) / 1e6;
}
