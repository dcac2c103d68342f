import {
  featureNumbers as generatedNumbers,
  featuresOfVersion as generatedFeatures,
} from "../../generated/index.ts";
import type { ApiVersion } from "./api-version.ts";
import type { FeatureName } from "./message-init.ts";

/** The number of each feature in `Feature.Type`; it is the same in every version that has the feature. */
export const featureNumbers: Readonly<Record<FeatureName, number>> = generatedNumbers;

/** The features that each version has. */
export const featuresOfVersion: Readonly<Record<ApiVersion, readonly FeatureName[]>> =
  generatedFeatures;

/** The features of one version, by name. */
export type FeatureOf<V extends ApiVersion> = (typeof generatedFeatures)[V][number];

/** The versions that have a feature. */
export type VersionsWithFeature<F extends FeatureName> = {
  [V in ApiVersion]: F extends FeatureOf<V> ? V : never;
}[ApiVersion];
