// A process that opens a journal, is refused, and ends by itself.
import { JournalError } from "../../../src/errors/index.ts";
import { VisionBatchClient } from "../../../src/index.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { createWorker } from "../../../src/workers/index.ts";

const [journal = ""] = process.argv.slice(2);
await using client = new VisionBatchClient({
  emulator: { grpc: "127.0.0.1:1", rest: "127.0.0.1:1" },
});
const refused = await Promise.allSettled([openJournal(journal), createWorker({ journal, client })]);
for (const each of refused) {
  if (each.status === "fulfilled") throw new Error("it was let in");
  if (!(each.reason instanceof JournalError)) throw each.reason;
}
