import { gzipSync } from "node:zlib";
import type { Random } from "./mutate.ts";

/** Small shards of every form, as the service and other clients write them. */
const sound: readonly string[] = [
  {
    responses: [
      { labelAnnotations: [{ description: 'ä"b\\', score: 0.5 }], context: { uri: "gs://in/a" } },
      { error: { code: 3, message: "bad" }, context: { uri: "gs://in/b" } },
    ],
  },
  {
    inputConfig: { gcsSource: { uri: "gs://in/a.pdf" }, mimeType: "application/pdf" },
    responses: [1, 2].map((pageNumber) => ({
      fullTextAnnotation: {
        pages: [{ width: 6, blocks: [{ boundingBox: { normalizedVertices: [{ x: 0.25 }] } }] }],
        text: "a page\n",
      },
      context: { uri: "gs://in/a.pdf", pageNumber },
    })),
  },
  {
    responses: [{ text_annotations: [{ description: "x" }] }],
    input_config: null,
    error: { code: 5 },
  },
  [{ safeSearchAnnotation: { adult: 5 }, context: { uri: "gs://in/c" } }, {}],
  { textAnnotations: [{ description: "long ".repeat(300) }], context: { uri: "gs://in/d" } },
].map((shard) => JSON.stringify(shard));

const inserted: readonly string[] = [
  ...[
    '"',
    "\\",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "null",
    "0",
    "-",
    "1e",
    "\u0000",
    " ",
    "\ufeff",
    "é",
  ],
  ...[
    '"__proto__":{"polluted":1},',
    '"responses":[],',
    '"inputConfig":{},',
    "\\u0000",
    "[{",
    '"}]',
  ],
];

/** A shard that was sound, spoilt in up to four places, and perhaps zipped before or after. */
export function mutateShard(random: Random): Uint8Array {
  let bytes: Uint8Array = Buffer.from(pick(sound, random));
  const zipAt = random() < 0.15 ? Math.floor(random() * 3) : -1;
  const changes = Math.floor(random() * 4) + 1;
  for (let change = 0; change < changes; change++) {
    if (change === zipAt) bytes = gzipSync(bytes);
    bytes = mutateBytes(bytes, random);
  }
  return bytes;
}

function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = Math.floor(random() * (bytes.length + 1));
  const end = Math.min(bytes.length, at + Math.floor(random() ** 3 * bytes.length));
  const [before, within, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, end),
    bytes.subarray(end),
  ];
  const kind = random();
  if (kind < 0.15) return before;
  if (kind < 0.3) return Buffer.concat([before, after]);
  if (kind < 0.45) return Buffer.concat([before, within, within, after]);
  if (kind < 0.5) return Buffer.concat([before, nested(random), bytes.subarray(at)]);
  if (kind < 0.65) {
    const strange = Uint8Array.of(Math.floor(random() * 256));
    return Buffer.concat([before, strange, bytes.subarray(Math.min(bytes.length, at + 1))]);
  }
  return Buffer.concat([before, Buffer.from(pick(inserted, random)), bytes.subarray(at)]);
}

function nested(random: Random): Uint8Array {
  const depth = Math.floor(random() ** 2 * 12_000);
  const [open, close] = random() < 0.5 ? ["[", "]"] : ['{"a":', "}"];
  return Buffer.from(`${open.repeat(depth)}1${random() < 0.7 ? close.repeat(depth) : ""}`);
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}
