import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [
    {
      under: "Turn it on",
      contains: [
        "succeeded 2\n",
        "name: 'vision_batch.wait'",
        "name: 'vision_batch.collect'",
        "ImageAnnotator/AsyncBatchAnnotateImages'",
        "'vision_batch.run.id': 'traced'",
        "name: 'vision_batch.inputs'",
      ],
    },
  ],
};

export default guide;
