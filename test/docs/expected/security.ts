import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [
    {
      under: "Who may do what",
      notRun: "it makes an account in a project at Google and gives it roles",
    },
  ],
};

export default guide;
