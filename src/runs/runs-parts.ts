import type { ObjectStore } from "../storage/index.ts";
import type { Logger } from "../transport/index.ts";
import type { RunService } from "./driver/run-service.ts";
import type { RunWorker } from "./driver/run-worker.ts";
import type { Journal } from "./journal/journal.ts";
import type { PriceTable } from "./prices.ts";
import type { RunClock } from "./run-clock.ts";

/** What everything that is done with runs needs. */
export interface RunsParts {
  readonly journal: Journal;
  readonly service: RunService;
  readonly store: ObjectStore;
  readonly worker: RunWorker;
  readonly clock: RunClock;
  readonly logger: Logger;
  readonly prices: PriceTable;
  /** Whether runs are worked on here. */
  readonly drive: boolean;
}
