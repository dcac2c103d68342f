import { openJournal } from "../../src/runs/journal/open-journal.ts";
import { planInputs } from "../../src/runs/plan/plan-inputs.ts";
import { imageUris, imageUrisLater, printMeasurement } from "./plan-load.mjs";

const [path = "", given = "", way = ""] = process.argv.slice(2);
const count = Number(given);
const total = { uriBytes: 0 };
const options = { features: [{ type: "LABEL_DETECTION" }], output: "gs://archive-of-scans/out/" };
const start = performance.now();
const journal = await openJournal(`sqlite:${path}`);
const { run } = await planInputs(journal, {
  id: "scans",
  options,
  inputs: way === "later" ? imageUrisLater(count, total) : imageUris(count, total),
});
await journal.close();
const ms = performance.now() - start;
if (run.inputs !== count) throw new Error(`${run.inputs} of ${count} inputs were planned`);
printMeasurement({ ms, path, count, ...total });
