import { askWhichAreKnown } from "../check-operations.ts";
import type { Probe } from "../probe.ts";

/** How long operations can be asked for; the answer comes with `--check`, days later. */
export const retention: Probe = {
  key: "retention",
  question: "How long is an operation known that is done?",
  units: 0,
  last: true,
  run: async ({ raw, operations, signal }) => {
    const known = await askWhichAreKnown(raw, operations.all, signal);
    const count = known.filter(({ code }) => code === "OK").length;
    return {
      observed: `not to be settled at once: ${count} of ${known.length} are known at the end; run --check with this report in some days`,
      evidence: known,
    };
  },
};
