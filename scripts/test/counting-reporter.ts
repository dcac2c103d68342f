import { writeFileSync } from "node:fs";
import mocha from "mocha";

/** The variable that names the file to write the counts to. */
export const countsVariable = "VISION_BATCH_TEST_COUNTS";

/** What a run of mocha came to; failing hooks and files that do not load are among the failures. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Mocha's spec reporter, which also leaves the counts in a file. */
export default class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: mocha.Runner, options: mocha.MochaOptions) {
    super(runner, options);
    runner.once("end", () => {
      const counts: Counts = { passed: this.stats.passes, failed: this.stats.failures };
      const path = process.env[countsVariable];
      if (path !== undefined) writeFileSync(path, JSON.stringify(counts));
    });
  }
}
