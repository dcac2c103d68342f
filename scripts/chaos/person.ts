import type { Run, Runs } from "../../src/index.ts";
import { SeededRandom } from "./random.ts";
import type { Scenario } from "./scenario.ts";

/** Who decides about chunks of which nothing more can be found out. */
export class Person {
  readonly #runs: Runs;
  readonly #verdict: Scenario["verdict"];
  readonly #seed: number;

  constructor(runs: Runs, { verdict, seed }: Scenario) {
    this.#runs = runs;
    this.#verdict = verdict;
    this.#seed = seed;
  }

  /** Decides about every chunk that waits for it. */
  async decideAll(run: Run): Promise<void> {
    for await (const { chunk } of run.chunks({ states: ["unknown"] })) {
      if (chunk.dueMs !== undefined || chunk.decision !== undefined) continue;
      const decision = this.#decide(chunk.number);
      const place = { id: run.id, chunk: chunk.number };
      // Somebody may have found it out meanwhile.
      await this.#runs.decide(place, decision, { by: "chaos" }).catch(() => undefined);
    }
  }

  #decide(chunk: number): "resubmit" | "fail" {
    if (this.#verdict !== "either") return this.#verdict;
    return new SeededRandom(this.#seed + chunk).chance(0.5) ? "resubmit" : "fail";
  }
}
