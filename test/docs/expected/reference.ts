import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [{ under: "API reference", notRun: "npm run verify makes the reference" }],
};

export default guide;
