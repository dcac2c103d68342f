// @ts-check
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * How a command ended.
 * @typedef {{ readonly code: number, readonly signal: NodeJS.Signals | null }} Ending
 */

/** @type {readonly NodeJS.Signals[]} */
const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a command to its end; signals that reach this process are passed on to it meanwhile.
 * @param {readonly string[]} command
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<Ending>}
 */
export function run([program = "", ...args], options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, options);
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      if (!(signal === "SIGINT" && onTerminal())) child.kill(signal);
    };
    /** @param {Ending} ending */
    const end = (ending) => {
      for (const signal of passedOn) process.off(signal, passOn);
      resolve(ending);
    };
    for (const signal of passedOn) process.on(signal, passOn);
    child.once("error", (error) => {
      process.stderr.write(`cannot run ${program}: ${error.message}\n`);
      end({ code: 127, signal: null });
    });
    child.once("exit", (code, signal) => {
      end({ code: code ?? 1, signal });
    });
  });
}

/**
 * Ends this process as a command ended: with its exit code, or by its signal.
 * @param {Ending} ending
 * @returns {Promise<never>}
 */
export async function endAs({ code, signal }) {
  if (signal === null) process.exit(code);
  process.kill(process.pid, signal);
  // The signal may take a moment to arrive, and nothing more may happen meanwhile.
  await sleep(1_000);
  process.exit(1);
}

/**
 * A terminal sends Ctrl-C to the whole process group: the command has it already, and one more
 * would read as a second Ctrl-C.
 */
function onTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}
