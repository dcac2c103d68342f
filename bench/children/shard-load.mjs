/** Operations, images in each, and responses in each shard. */
export const operations = 10;
export const imagesPerOperation = 2000;
export const batchSize = 20;

/** A response whose JSON is about 2 kB, as that of an image with labels. */
export const response = {
  labelAnnotations: Array.from({ length: 20 }, (_, index) => ({
    mid: `/m/0${index}abcd`,
    description: `a thing that can be seen in the picture, number ${index}`,
    score: 0.5,
    topicality: 0.25,
  })),
};

/** The URI of an image; the same for both sides. @param {number} operation @param {number} image */
export const uriOf = (operation, image) => `gs://inputs/${operation}/image-${image}.jpg`;
