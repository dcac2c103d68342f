import { detailsOf, floatOf, type FlatAnnotation, type FlatResponse } from "./flat-annotation.ts";

/** The rows of a web detection: entities, guessed labels, pages, and images by how they match. */
export function webRows({ webDetection }: FlatResponse): FlatAnnotation[] {
  const {
    webEntities = [],
    bestGuessLabels = [],
    pagesWithMatchingImages = [],
  } = webDetection ?? {};
  return [
    ...webEntities.map(({ entityId, score, description, ...rest }): FlatAnnotation => ({
      ...{
        kind: "web_entity",
        id: entityId,
        description,
        score: floatOf(score),
        ...detailsOf(rest),
      },
    })),
    ...bestGuessLabels.map(({ label, languageCode, ...rest }): FlatAnnotation => ({
      ...{ kind: "web_label", description: label, locale: languageCode, ...detailsOf(rest) },
    })),
    ...pagesWithMatchingImages.map(({ url, score, ...rest }): FlatAnnotation => ({
      ...{ kind: "web_page", description: url, score: floatOf(score), ...detailsOf(rest) },
    })),
    ...imageRows(webDetection),
  ];
}

function imageRows(webDetection: FlatResponse["webDetection"]): FlatAnnotation[] {
  const {
    fullMatchingImages = [],
    partialMatchingImages = [],
    visuallySimilarImages = [],
  } = webDetection ?? {};
  const matches = [
    ["full", fullMatchingImages],
    ["partial", partialMatchingImages],
    ["similar", visuallySimilarImages],
  ] as const;
  return matches.flatMap(([match, images]) =>
    images.map(({ url, score, ...rest }): FlatAnnotation => ({
      ...{ kind: "web_image", description: url, score: floatOf(score) },
      ...detailsOf({ match, ...rest }),
    })),
  );
}
