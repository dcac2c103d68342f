import type { Guide } from "../guide.ts";

const guide: Guide = {
  blocks: [
    { under: "Before and after", checkedBy: "test/examples/migration.test.ts" },
    { under: "Before and after", checkedBy: "test/examples/migration.test.ts" },
  ],
};

export default guide;
