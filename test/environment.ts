// Loaded by mocha before the tests: they see the same environment on every machine.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const homeMarker = "VISION_BATCH_TEST_HOME";
const foreign = [
  /^GOOGLE_/,
  /^(GCLOUD|CLOUDSDK|GCE|GAE|GCP)_/,
  /^(K_SERVICE|FUNCTION_NAME|DETECT_GCP_RETRIES)$/,
  /^VISION_EMULATOR_/,
  /_EMULATOR_HOST$/,
  /^(GRPC_|NODE_EXTRA_CA_CERTS$)/,
  /^(https?|grpc|all|no)_proxy$/i,
  /^(VISION_BATCH_JOURNAL|PG[A-Z]+)$/,
];

for (const name of Object.keys(process.env)) {
  if (foreign.some((pattern) => pattern.test(name))) delete process.env[name];
}
process.env["METADATA_SERVER_DETECTION"] = "none";
process.env["TZ"] = "UTC";
guardChildren();
moveHome();

/** Programs that tests start refuse the network too. */
function guardChildren(): void {
  const guard = pathToFileURL(join(import.meta.dirname, "network-guard.ts")).href;
  const options = process.env["NODE_OPTIONS"] ?? "";
  if (!options.includes(guard)) process.env["NODE_OPTIONS"] = `${options} --import=${guard}`.trim();
}

/** An empty home, so that nobody's credentials or settings are found; one for mocha and its workers. */
function moveHome(): void {
  if (process.env[homeMarker] !== undefined) return;
  const home = mkdtempSync(join(tmpdir(), "vision-batch-home-"));
  process.env[homeMarker] = home;
  process.env["HOME"] = home;
  process.env["USERPROFILE"] = home;
  process.once("exit", () => {
    rmSync(home, { recursive: true, force: true });
  });
}
