import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";

const picture = await readFile(join(root, "examples/inputs/street-sign.jpg"));
const cat = {
  labelAnnotations: [
    { description: "Cat", score: 0.98 },
    { description: "Whiskers", score: 0.9 },
  ],
  localizedObjectAnnotations: [
    {
      name: "Cat",
      score: 0.9,
      boundingPoly: {
        normalizedVertices: [
          { x: 0.1, y: 0.1 },
          { x: 0.9, y: 0.9 },
        ],
      },
    },
  ],
};
const sign = {
  textAnnotations: [{ description: "STOP\n" }, { description: "STOP" }],
  labelAnnotations: [{ description: "Street sign", score: 0.97 }],
};

const guide: Guide = {
  emulator: {
    recordings: [
      { uri: "gs://photos/sign.jpg", response: sign },
      {
        uri: "gs://photos/broken.jpg",
        response: { error: { code: 3, message: "Bad image data." } },
      },
      { uri: "*", response: cat },
    ],
  },
  files: {
    "photos/cat.jpg": picture,
    "photos/dog.jpg": picture,
    "gs://photos/sign.jpg": picture,
  },
  blocks: [
    { under: "One image", prints: ["Cat 0.98", "Whiskers 0.9", "STOP"] },
    {
      under: "Some images at once",
      prints: [
        "0 succeeded Cat",
        "1 succeeded Street sign",
        "2 succeeded Cat",
        "3 failed Bad image data.",
        /^4 notSubmitted file:.*photos\/nowhere.jpg: ENOENT: no such file/,
      ],
    },
    {
      under: "One operation",
      prints: ["0 succeeded", "1 succeeded", "2 failed", "2 of 3 in 1 shard, 0 too many"],
    },
    {
      under: "Read large results",
      prints: ["0 undefined { description: 'Cat' }", "1 STOP { description: 'Street sign' }"],
    },
    {
      under: "Read large results",
      prints: [
        "before: 0 gs://photos/cat.jpg",
        "after: 1 gs://photos/sign.jpg",
        "after: 2 gs://photos/broken.jpg",
      ],
    },
    {
      under: "From the command line",
      prints: [],
      tells: ["succeeded                3"],
      writes: {
        "records.ndjson": [/"input":"photos\/cat.jpg".*"Cat"/, /"gs:\/\/photos\/sign.jpg"/],
      },
    },
    { under: "Exports", prints: [], writes: { "rows.csv": [/,Cat,/, /Street sign/] } },
    {
      under: "Exports",
      prints: [/^\{"index":0,.*"succeeded"/],
      writes: {
        "annotations.csv": [/,Cat,/, /Street sign/],
        "objects.json": ['"categories"', '"bbox"'],
      },
    },
  ],
};

export default guide;
