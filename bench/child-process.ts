import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

/** What a child process measured of itself, by name. */
export type Measurement = Readonly<Record<string, number>>;

/** Without what machines set: no metadata server, and of root certificates only those that a script sets. */
const environment = {
  ...process.env,
  METADATA_SERVER_DETECTION: "none",
  NODE_OPTIONS: "",
  GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: undefined,
};

/** Runs a script of bench/children/ in a fresh process and returns the JSON that it prints. */
export async function measureChild(script: string, args: readonly string[]): Promise<Measurement> {
  const path = resolve(import.meta.dirname, "children", script);
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: environment,
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const output = await text(child.stdout);
  const code = await closed;
  if (code !== 0) throw new Error(`${script} ended with exit code ${String(code)}`);
  return JSON.parse(output) as Measurement;
}

/**
 * Runs two scripts in turn, `rounds` times after one round that is not counted, so that a machine
 * whose speed drifts slows both; which of them goes first changes from round to round.
 */
export async function alternate(
  scripts: readonly [ours: string, theirs: string],
  args: readonly string[],
  rounds: number,
): Promise<{ ours: Measurement[]; theirs: Measurement[] }> {
  const measured: [ours: Measurement[], theirs: Measurement[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const measurement = await measureChild(scripts[side], args);
      if (round > 0) measured[side].push(measurement);
    }
  }
  return { ours: measured[0], theirs: measured[1] };
}

/** A script of bench/children/ that goes on running and measures a slice of work when it is asked to. */
export interface SlicedChild {
  /** Runs one slice of a kind of work. */
  measure(kind: string): Promise<Measurement>;
  /** Ends it. */
  close(): Promise<void>;
}

/** Starts a script that answers every message, the kind of a slice, with what it measured. */
export function startSlicedChild(script: string, args: readonly string[]): SlicedChild {
  const path = resolve(import.meta.dirname, "children", script);
  const child = fork(path, args, { env: environment, execArgv: [] });
  const closed = once(child, "exit");
  const died = closed.then(([code]) => {
    throw new Error(`${script} ended with exit code ${String(code)}`);
  });
  died.catch(() => undefined);
  return {
    measure: async (kind) => {
      const answered = once(child, "message");
      child.send(kind);
      const [measurement] = (await Promise.race([answered, died])) as [Measurement];
      return measurement;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await closed;
    },
  };
}
