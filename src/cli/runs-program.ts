import { Argument, Option, type Command } from "commander";
import {
  addConnectionOptions,
  addFormatOptions,
  addJobOptions,
  addLeaseOption,
  addSettingOptions,
  inputHelp,
} from "./command-options.ts";
import { readWebPort } from "./dashboard-flag.ts";
import { addExamples } from "./help-format.ts";
import type { ProgramHost } from "./program-host.ts";
import { defaultJournal } from "./run-commands.ts";

const help = `
A run is kept in a journal, a file or a schema in PostgreSQL, from its inputs to its results: after
a crash, a kill or a power loss "runs resume" goes on where it was, and several processes may work
on one run. Ctrl-C finishes the write in hand and says how to go on; a second one leaves at once.
The password of a database is best told by PGPASSWORD: commands that are proposed leave it out.`;

const idHelp = "the run, as runs list names it";

/** Adds the commands of `vision-batch runs`; each is loaded when it is called. */
export function addRuns(program: Command, host: ProgramHost): void {
  const runs = program
    .command("runs")
    .description("annotate any number of inputs through crashes, and see what became of them")
    .addHelpText("after", help);
  addStart(runs, host);
  addPlan(runs, host);
  addResume(runs, host);
  addRetry(runs, host);
  addCancel(runs, host);
  addResults(runs, host);
  addLooks(runs, host);
  addChanges(runs, host);
}

function addJournalOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--journal <URL>",
        "where runs are kept: sqlite:FILE or postgres://USER@HOST/DATABASE",
      )
        .env("VISION_BATCH_JOURNAL")
        .default(defaultJournal),
    )
    .option("--prices <FILE>", "prices as JSON (default: Google's list prices)");
}

function addQuietOption(command: Command): Command {
  return command.option("--quiet", "show no progress");
}

function addRecordOption(command: Command): Command {
  return addLeaseOption(command).option(
    "--out <FILE>",
    "write a record for each input as requests end; - writes them to stdout (default: none; see runs results)",
  );
}

function addChunkOptions(command: Command): Command {
  return command
    .option("--images-per-request <N>", "images in one request, 1 to 2000 (default: 2000)")
    .option("--files-per-request <N>", "documents in one request (default: 100)");
}

function addNoWorkOption(command: Command): Command {
  return command.option(
    "--no-work",
    "leave the work to others (vision-batch worker, runs resume) and end at once",
  );
}

/** The options of commands that work on a run. */
function addWorkOptions(command: Command): Command {
  return addNoWorkOption(
    addQuietOption(
      addRecordOption(addJournalOptions(addConnectionOptions(command, { version: false }))),
    ),
  );
}

function addStart(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const command = runs
    .command("start")
    .description("plan a run, work on it to its end; the same again goes on with it")
    .argument("[INPUT...]", inputHelp("<output>/<run id>/inputs/"));
  addNoWorkOption(
    addSettingOptions(addChunkOptions(addRecordOption(addJournalOptions(addJobOptions(command))))),
  )
    // Known, so that it can be said why there is none.
    .addOption(new Option("--emulator").hideHelp())
    .action(async (inputs: string[]) => {
      const { startRun } = await import("./commands/runs/start.ts");
      onExitCode(await startRun(inputs, command.opts(), streams));
    });
  addExamples(command, [
    "runs start --run-id scans --from uris.txt --images -f LABEL_DETECTION -o gs://bucket/",
    "runs start --run-id books 'gs://bucket/*.pdf' -f TEXT_DETECTION -o gs://bucket/out/",
  ]);
}

function addPlan(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const command = runs
    .command("plan")
    .description("tell what a run would send, write, take and cost; nothing is written or sent")
    .argument("[INPUT...]", inputHelp("the output, but not now"));
  addSettingOptions(addChunkOptions(addJobOptions(command)))
    .option("--prices <FILE>", "prices as JSON (default: Google's list prices)")
    .option(
      "--pages-per-file <N>",
      "pages of a document, which nobody knows before it is read (default: not counted)",
    )
    .option("--operation-seconds <N>", "how long an operation takes (default: no time)")
    .option("--units-before <N>", "units of each feature that were billed this month (default: 0)")
    .option("--json", "print JSON")
    .action(async (inputs: string[]) => {
      const { planRun } = await import("./commands/runs/plan.ts");
      onExitCode(await planRun(inputs, command.opts(), streams));
    });
  addExamples(command, [
    "runs plan --from uris.txt --images -f LABEL_DETECTION -o gs://bucket/results/",
    "runs plan 'gs://bucket/*.pdf' -f TEXT_DETECTION -o gs://bucket/ --pages-per-file 12",
  ]);
}

function addResume(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const command = runs
    .command("resume")
    .description("go on with a run that was interrupted, paused or stopped by an error")
    .argument("<ID>", idHelp);
  addSettingOptions(addWorkOptions(command))
    .option(
      "--remove-journal",
      "delete the journal once the run is over and its records are written",
    )
    .action(async (id: string) => {
      const { resumeRun } = await import("./commands/runs/resume.ts");
      onExitCode(await resumeRun(id, command.opts(), streams));
    });
}

function addRetry(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const command = runs
    .command("retry")
    .description("send again the inputs that have no result, in new requests, which are billed")
    .argument("<ID>", idHelp);
  addWorkOptions(command)
    .option(
      "--status <LIST>",
      "inputs of which status, separated by commas: failed, missing, notSubmitted, partial, succeeded (default: the first three)",
    )
    .action(async (id: string) => {
      const { retryRun } = await import("./commands/runs/retry.ts");
      onExitCode(await retryRun(id, command.opts(), streams));
    });
}

function addCancel(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const command = runs
    .command("cancel")
    .description(
      "submit nothing more of a run, ask the service to cancel the rest, and wait for it",
    )
    .argument("<ID>", idHelp);
  addWorkOptions(command).action(async (id: string) => {
    const { cancelRun } = await import("./commands/runs/cancel.ts");
    onExitCode(await cancelRun(id, command.opts(), streams));
  });
}

function addResults(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const command = runs
    .command("results")
    .description("write a record for each input that has come to its end")
    .argument("<ID>", idHelp);
  addQuietOption(
    addFormatOptions(addJournalOptions(addConnectionOptions(command, { version: false }))),
  )
    .option(
      "--out <FILE>",
      "write records to a file, which appears when it is complete (default: to stdout)",
    )
    .option("--follow", "wait for what another process is still working on")
    .action(async (id: string) => {
      const { runResults } = await import("./commands/runs/results.ts");
      onExitCode(await runResults(id, command.opts(), streams));
    });
  addExamples(command, [
    "runs results scans > records.ndjson",
    "runs results scans --format csv --out records.csv",
  ]);
}

function addLooks(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const list = runs.command("list").description("list the runs of a journal");
  addJournalOptions(list)
    .option("--json", "print a line of JSON for each")
    .action(async () => {
      const { listRuns } = await import("./commands/runs/list.ts");
      onExitCode(await listRuns(list.opts(), streams));
    });
  const watch = runs
    .command("watch")
    .description("show how far a run has come that another process works on")
    .argument("<ID>", idHelp);
  const web =
    "show all of it live in a browser of this machine, by a URL with a key, until Ctrl-C, at a free port or this";
  addQuietOption(addJournalOptions(watch))
    .option("--web [PORT]", web, readWebPort)
    .action(async (id: string) => {
      const { watchRun } = await import("./commands/runs/watch.ts");
      onExitCode(await watchRun(id, watch.opts(), streams));
    });
  addExamples(watch, ["runs watch scans", "runs watch scans --web"]);
  const show = runs
    .command("show")
    .description(
      "explain what happened to a run, a chunk (one request) or an input, and what it cost",
    )
    .argument("<ID>", idHelp)
    .option("--chunk <N>", "explain a chunk")
    .option(
      "--input <N|URI>",
      "explain an input: its number from 0, its URI, or the path it was given by",
    );
  addJournalOptions(show)
    .option("--events", "tell every event of the run")
    .option("--json", "print JSON")
    .action(async (id: string) => {
      const { showRun } = await import("./commands/runs/show.ts");
      onExitCode(await showRun(id, show.opts(), streams));
    });
  addExamples(show, [
    "runs show scans",
    "runs show scans --chunk 17",
    "runs show scans --input gs://bucket/scans/1.png",
  ]);
}

function addChanges(runs: Command, { streams, onExitCode }: ProgramHost): void {
  const pause = runs
    .command("pause")
    .description(
      "submit nothing more of a run until it is resumed; what was submitted is collected",
    )
    .argument("<ID>", idHelp);
  addJournalOptions(pause).action(async (id: string) => {
    const { pauseRun } = await import("./commands/runs/pause.ts");
    onExitCode(await pauseRun(id, pause.opts(), streams));
  });
  const decide = runs
    .command("decide")
    .description(
      "decide on a chunk whose submit may have been accepted: resubmit may be billed twice",
    )
    .argument("<ID>", idHelp)
    .argument("<CHUNK>", "its number, as runs show tells")
    .addArgument(new Argument("<DECISION>", "what to do").choices(["resubmit", "fail"]))
    .option("--by <NAME>", "who decides, for the record (default: the user)");
  addJournalOptions(decide).action(
    async (id: string, chunk: string, decision: "resubmit" | "fail") => {
      const command = await import("./commands/runs/decide.ts");
      onExitCode(await command.decideChunk({ id, chunk, decision }, decide.opts(), streams));
    },
  );
  const remove = runs
    .command("remove")
    .description("forget a run that is over, paused or was never planned")
    .argument("<ID>", idHelp)
    .option(
      "--objects",
      "delete everything in its output folder as well: results and staged inputs",
    );
  addJournalOptions(addConnectionOptions(remove, { version: false })).action(async (id: string) => {
    const command = await import("./commands/runs/remove.ts");
    onExitCode(await command.removeRun(id, remove.opts(), streams));
  });
}
