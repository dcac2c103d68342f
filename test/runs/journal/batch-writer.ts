// A process that writes steps in batches until it is killed, and tells what it knows to be written.
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { claimAll, claimOf, planRun, step } from "./planned-run.ts";

const journal = await openJournal(process.argv[2] ?? "");
await planRun(journal, { count: 100 });
const claims = (await claimAll(journal)).map(claimOf);
for (let polls = 1; ; polls++) {
  await journal.advance(claims.map((claim) => step(claim, "planned", { progress: { polls } })));
  process.stdout.write(`${polls}\n`);
}
