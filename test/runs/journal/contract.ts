import type { Journal } from "../../../src/runs/journal/journal.ts";
import { describeAttempts } from "./contract-attempts.ts";
import { describeClaims } from "./contract-claims.ts";
import { describeProgress } from "./contract-progress.ts";
import { describeRuns } from "./contract-runs.ts";

/** A journal to be tried: empty, and removed afterwards. */
export interface JournalUnderTest {
  /** Opens a connection; each is closed by the suite. */
  readonly connect: () => Promise<Journal>;
  readonly remove: () => Promise<void>;
}

/** How a suite gets its journals. */
export interface Connections {
  /** The connection of the test. */
  readonly journal: () => Journal;
  /** One more to the same journal; undefined where it can have one only. */
  readonly another: () => Promise<Journal | undefined>;
}

/** What every journal must keep; `make` is called before each test. */
export function describeJournal(
  make: () => Promise<JournalUnderTest>,
  { isShared }: { readonly isShared: boolean },
): void {
  let made: JournalUnderTest;
  let open: Journal[] = [];
  const connect = async (): Promise<Journal> => {
    const journal = await made.connect();
    open.push(journal);
    return journal;
  };

  beforeEach(async () => {
    made = await make();
    await connect();
  });

  afterEach(async () => {
    for (const journal of open) await journal.close();
    open = [];
    await made.remove();
  });

  const connections: Connections = {
    journal: () => open[0]!,
    another: async () => (isShared ? connect() : undefined),
  };
  describeRuns(connections);
  describeClaims(connections);
  describeAttempts(connections);
  describeProgress(connections);
}
