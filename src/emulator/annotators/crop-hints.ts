import { polygonsOf, type Box } from "./bounding-poly.ts";
import { loadPackage } from "./optional-packages.ts";
import { fromPixels, type PageImage, type Pixels, type Sharp } from "./page-image.ts";
import type { AnnotateImageResponseJson, CropHintJson } from "./response-json.ts";

interface RgbaImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of smartcrop that is used here; its own types leave out the image operations. */
export interface Smartcrop {
  crop(
    image: RgbaImage,
    options: {
      readonly width: number;
      readonly height: number;
      readonly minScale: number;
      readonly prescale: false;
      readonly debug: true;
      readonly imageOperations: {
        readonly open: (image: RgbaImage) => Promise<RgbaImage>;
        readonly getData: (image: RgbaImage) => Promise<RgbaImage>;
      };
    },
  ): Promise<{ readonly topCrop: Crop; readonly debugOutput: RgbaImage }>;
}

// smartcrop looks for the best place on a grid of 8 pixels: more would cost time and find no more.
const sampleSidePixels = 256;

const imageOperations = {
  open: (image: RgbaImage) => Promise.resolve(image),
  getData: (image: RgbaImage) => Promise.resolve(image),
};

/** Loads smartcrop. @throws MissingPackageError */
export function loadSmartcrop(): Promise<Smartcrop> {
  return loadPackage("smartcrop", async () => {
    const module = (await import("smartcrop")) as unknown as { readonly default: Smartcrop };
    return module.default;
  });
}

/**
 * One crop for each aspect ratio (width / height), in their order; one of the image's own ratio
 * where none is asked. `importanceFraction` is the part of what catches the eye (edges, vivid
 * colours, skin) that lies within the crop, and `confidence` repeats it.
 */
export async function cropHints(
  engines: { readonly sharp: Sharp; readonly smartcrop: Smartcrop },
  image: PageImage,
  aspectRatios: readonly number[],
): Promise<AnnotateImageResponseJson> {
  const sample = await toSample(engines.sharp, image.pixels);
  const ratios = aspectRatios.length > 0 ? aspectRatios : [sample.width / sample.height];
  const toPolygon = polygonsOf(image);
  const cropHints: CropHintJson[] = [];
  for (const ratio of ratios) {
    const { topCrop, debugOutput } = await engines.smartcrop.crop(sample, {
      width: ratio,
      height: 1,
      minScale: aspectRatios.length > 0 ? 1 : 0.8,
      prescale: false,
      debug: true,
      imageOperations,
    });
    const box = toBox(topCrop, ratio, { from: sample, to: image.pixels });
    const importance = importanceWithin(debugOutput, topCrop);
    cropHints.push({
      boundingPoly: toPolygon(box),
      confidence: importance,
      importanceFraction: importance,
    });
  }
  return { cropHintsAnnotation: { cropHints } };
}

async function toSample(sharp: Sharp, pixels: Pixels): Promise<RgbaImage> {
  const { data, info } = await fromPixels(sharp, pixels)
    .resize({
      width: sampleSidePixels,
      height: sampleSidePixels,
      fit: "inside",
      withoutEnlargement: true,
    })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Scales a crop up; its ratio is taken from what was asked, since the small crop is of whole pixels. */
function toBox(
  crop: Crop,
  ratio: number,
  { from, to }: { readonly from: RgbaImage; readonly to: Pixels },
): Box {
  const scaleX = to.width / from.width;
  const scaleY = to.height / from.height;
  const height = Math.min(crop.height * scaleY, to.height, to.width / ratio);
  const fits = { width: height * ratio, height };
  const x0 = Math.min(crop.x * scaleX, to.width - fits.width);
  const y0 = Math.min(crop.y * scaleY, to.height - fits.height);
  return { x0, y0, x1: x0 + fits.width, y1: y0 + fits.height };
}

/**
 * smartcrop's analysis has skin, edges and vividness in the channels of each pixel; the outermost
 * pixels are left out, since it takes their lightness for edges.
 */
function importanceWithin({ data, width, height }: RgbaImage, crop: Crop): number {
  let within = 0;
  let total = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = (y * width + x) * 4;
      const importance = (data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0);
      total += importance;
      const inX = x >= crop.x && x < crop.x + crop.width;
      if (inX && y >= crop.y && y < crop.y + crop.height) within += importance;
    }
  }
  return total === 0 ? 0 : Math.round((within / total) * 1e6) / 1e6;
}
