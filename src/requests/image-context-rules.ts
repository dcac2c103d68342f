import type { ApiVersion } from "../protocol/api-version.ts";
import { flag, float, int32, list, message, numeric, remember, text, type Rule } from "./rules.ts";

/** Aspect ratios that the service looks at. Source: comment of `CropHintsParams.aspect_ratios`. */
const maxAspectRatios = 16;

/** The hints that may go with an image, as the version has them. */
export function imageContext(version: ApiVersion): Rule {
  const isOld = version === "v1p1beta1" || version === "v1p2beta1";
  return remember(
    message({
      latLongRect: message({ minLatLng: latLng, maxLatLng: latLng }),
      languageHints: list(text()),
      cropHintsParams,
      ...(isOld ? {} : { productSearchParams }),
      ...(version === "v1p4beta1" ? { faceRecognitionParams } : {}),
      webDetectionParams: message({ includeGeoResults: flag }),
      textDetectionParams: message({
        enableTextDetectionConfidenceScore: flag,
        advancedOcrOptions: list(text()),
      }),
    }),
  );
}

const latLng = message({
  latitude: numeric({ min: -90, max: 90 }),
  longitude: numeric({ min: -180, max: 180 }),
});

const cropHintsParams = message({
  aspectRatios: list(positiveRatio, (items, log) => {
    if (items.length > maxAspectRatios) {
      log.add(items, `the service ignores aspect ratios after the ${maxAspectRatios}th`);
    }
  }),
});

const productSearchParams = message({
  boundingPoly: message({
    vertices: list(message({ x: numeric(int32), y: numeric(int32) })),
    normalizedVertices: list(message({ x: numeric(float), y: numeric(float) })),
  }),
  productSet: text((value, log) => {
    if (!/^projects\/[^/]+\/locations\/[^/]+\/productSets\/[^/]+$/.test(value)) {
      log.add(value, "expected projects/P/locations/L/productSets/S");
    }
  }),
  productCategories: list(text()),
  filter: text(),
});

const faceRecognitionParams = message({ celebritySet: list(text()) });

function positiveRatio(...[value, log]: Parameters<Rule>): unknown {
  if (typeof value !== "number" || !(value > 0 && value <= float.max)) {
    log.add(value, "expected a width divided by a height, more than 0");
  }
  return value;
}
