import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [{ under: "The service comes first", contains: ["amount: 604498.5"] }],
};

export default guide;
