import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [
    {
      under: "Who may do what",
      notRun: "it makes an account in a project at Google and gives it roles",
    },
    { under: "Who may do what", prints: ["true", "false"] },
  ],
};

export default guide;
