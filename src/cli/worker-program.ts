import { Option, type Command } from "commander";
import { addConnectionOptions } from "./command-options.ts";
import { addExamples } from "./help-format.ts";
import type { ProgramHost } from "./program-host.ts";

const help = `
Any number of workers, on any number of machines, work on the runs of a journal in PostgreSQL,
whoever starts, pauses, resumes and cancels them. SIGTERM or Ctrl-C lets a worker finish what it
sends and give back all else; a second one ends it at once. It logs lines of JSON to stderr.`;

/** Adds `vision-batch worker`, which is loaded when it is called. */
export function addWorker(program: Command, { streams, onExitCode }: ProgramHost): void {
  const command = program
    .command("worker")
    .description("take a part in the work on the runs of a journal, until SIGTERM");
  addConnectionOptions(command)
    .addOption(
      new Option("--journal <URL>", "where runs are kept, postgres://USER@HOST/DATABASE")
        .env("VISION_BATCH_JOURNAL")
        .makeOptionMandatory(),
    )
    .option(
      "--no-records",
      "write no <output>/<run>/records/: results stay as the service wrote them",
    )
    .option("--concurrency <N>", "outputs that are read at a time (default: 2)")
    .option(
      "--lease <SECONDS>",
      "how long nobody takes over what this worker did when it was killed (default: 10)",
    )
    .option("--drain <SECONDS>", "how long SIGTERM waits for the answers to submits (default: 20)")
    .option(
      "--metrics-port <PORT>",
      "serve /livez, /readyz and /metrics there; 0 takes a free port (default: not served)",
    )
    .option("--metrics-host <ADDRESS>", "address to serve them at (default: 127.0.0.1)")
    .option(
      "--dashboard-port <PORT>",
      "show the runs of the journal live to browsers of this machine, at this port and by a URL with a key that is logged; 0 takes a free port (default: not served)",
    )
    .addHelpText("after", help)
    .action(async () => {
      const { work } = await import("./commands/worker.ts");
      onExitCode(await work(command.opts(), streams));
    });
  addExamples(command, [
    "worker --journal postgres://user@db.example.com/runs --metrics-port 9464",
    "worker --journal postgres://user@db.example.com/runs --concurrency 4 --no-records",
  ]);
}
