/**
 * `npx node scripts/local.ts [IMAGES]`: an emulator and a PostgreSQL on this machine, until Ctrl-C. How programs
 * find them is written to `temp/local.env`, for the shells of this user. Every bucket is a folder of
 * `temp/local/`; `gs://scans/` has 200 images, or as many as are asked for. The database ends with this process.
 */
import { once } from "node:events";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "../src/emulator/index.ts";
import { PostgresProcess } from "./postgres/postgres-process.ts";

const picture = join(import.meta.dirname, "../examples/inputs/receipt.png");
const images = Number(process.argv[2] ?? 200);
const directory = join("temp", "local");
const settings = join("temp", "local.env");
/** A service takes its time: enough here to watch it. */
const processingMsPerImage = 100;

const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
// Buckets of an earlier database hold results of runs that this one does not know.
await rm(directory, { recursive: true, force: true });
const scans = join(directory, "scans");
await mkdir(scans, { recursive: true });
for (let page = 1; page <= images; page++) await copyFile(picture, join(scans, `${page}.png`));
await using postgres = await PostgresProcess.start();
await using emulator = await startEmulator({ directory, processingMsPerImage });
const journal = new URL(postgres.url);
const { password } = journal;
journal.password = "";
const variables = {
  VISION_EMULATOR_HOST: emulator.grpc,
  VISION_EMULATOR_HTTP: emulator.http,
  VISION_BATCH_JOURNAL: journal.href,
  PGPASSWORD: password,
};
const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
await rm(settings, { force: true });
await writeFile(settings, lines.join(""), { mode: 0o600 });
try {
  console.log(
    `an emulator and a PostgreSQL are there, until Ctrl-C; in other terminals: . ${settings}`,
  );
  await ended;
} finally {
  await rm(settings, { force: true });
}
