import { createDatabase } from "../../fixtures/postgres-server.ts";
import type { Guide } from "../guide.ts";

const uris = Array.from({ length: 20 }, (_, index) => `gs://scans/${index + 1}.png\n`);

const byTerminals = {
  under: "Four terminals",
  checkedBy: "test/docs/workers-guide.test.ts",
};

const guide: Guide = {
  emulator: {
    recordings: [
      { uri: "gs://scans/torn.png", response: { error: { code: 3, message: "Bad image data." } } },
      { uri: "*", response: { fullTextAnnotation: { text: "total 42" } } },
    ],
  },
  files: { "uris.txt": uris.join("") },
  prepare: async ({ onEnd }) => {
    const { url, drop } = await createDatabase();
    onEnd(drop);
    return { VISION_BATCH_JOURNAL: url };
  },
  blocks: [
    { under: "Start them", staysUp: /takes jobs/ },
    {
      under: "Start them",
      contains: ["run monday: done", "20 succeeded"],
      tells: ["left to others", /succeeded +20/],
    },
    byTerminals,
    byTerminals,
    byTerminals,
    byTerminals,
    byTerminals,
    byTerminals,
    {
      under: "Records",
      prints: ["done [ { status: 'failed', count: 1 }, { status: 'succeeded', count: 2 } ]"],
    },
  ],
};

export default guide;
