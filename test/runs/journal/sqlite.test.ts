import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { describeJournal } from "./contract.ts";

describe("SQLite journal in memory", () => {
  describeJournal(
    async () => ({ connect: () => openJournal("sqlite::memory:"), remove: async () => undefined }),
    { isShared: false },
  );
});

describe("SQLite journal in a file", () => {
  describeJournal(
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "vision-batch-journal-"));
      return {
        connect: () => openJournal(`sqlite:${join(folder, "runs.db")}`),
        remove: () => rm(folder, { recursive: true }),
      };
    },
    { isShared: true },
  );
});
