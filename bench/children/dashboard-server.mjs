// Serves the dashboard of a journal; answers every message with its port and the CPU time it has used so far.
import { startDashboard } from "../../src/dashboard/index.ts";
import { openRuns } from "../../src/index.ts";

const [journal = "", address = ""] = process.argv.slice(2);
const runs = await openRuns({
  ...{ journal, drive: false },
  client: { emulator: { grpc: address, rest: address } },
});
const dashboard = await startDashboard({ runs, journal, version: "0" });
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const port = Number(new URL(dashboard.url).port);
  process.send?.({ port, cpuMs: (user + system) / 1000, wallMs: performance.now() });
});
process.on("disconnect", async () => {
  await dashboard.close();
  await runs.close();
});
