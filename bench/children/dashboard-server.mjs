// Serves the dashboard of a journal and writes its URL to a file; answers every message with the CPU time it has used so far.
import { writeFileSync } from "node:fs";
import { startDashboard } from "../../src/dashboard/index.ts";
import { openRuns } from "../../src/index.ts";

const [journal = "", address = "", urlFile = ""] = process.argv.slice(2);
const runs = await openRuns({
  ...{ journal, drive: false },
  client: { emulator: { grpc: address, rest: address } },
});
const dashboard = await startDashboard({ runs, journal, version: "0" });
writeFileSync(urlFile, dashboard.url);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, wallMs: performance.now() });
});
process.on("disconnect", async () => {
  await dashboard.close();
  await runs.close();
});
