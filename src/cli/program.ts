import { Command, Option } from "commander";
import {
  addConnectionOptions,
  addEmbeddedEmulatorOptions,
  addEmulatorCommandOptions,
  addFormatOptions,
  addJobOptions,
  addLeaseOption,
  addSettingOptions,
  inputHelp,
  interruptOption,
  outputOption,
  versionOption,
} from "./command-options.ts";
import { addCompletion } from "./completion-program.ts";
import { addExamples, helpFormat } from "./help-format.ts";
import { packageVersion } from "./package-version.ts";
import type { ProgramHost } from "./program-host.ts";
import { escapeLines } from "./render/escape.ts";
import { addReport } from "./report-program.ts";
import { addRuns } from "./runs-program.ts";
import { addWorker } from "./worker-program.ts";

const programHelp = `
Environment:
  GOOGLE_APPLICATION_CREDENTIALS  a file with credentials, where no --key-file is given
  VISION_BATCH_JOURNAL            where runs are kept, where no --journal is given
  VISION_EMULATOR_HOST            an emulator to call over gRPC in place of Google, HOST:PORT
  VISION_EMULATOR_HTTP            the same over REST, and its storage, as http://HOST:PORT
  STORAGE_EMULATOR_HOST           an emulator of Cloud Storage alone, as http://HOST:PORT
  HTTPS_PROXY, NO_PROXY           what stands between here and Google
  PGPASSWORD                      the password of a journal in PostgreSQL

"vision-batch COMMAND --help" tells the arguments and options of a command, and "vision-batch
completion --help" how to complete them by Tab.`;

const exitCodeHelp = `
Exit codes: 0 all done; 1 some inputs have no complete result; 2 wrong use, nothing was submitted;
3 the service, the storage or the journal failed, or a person must decide; 130 interrupted.`;

const recordHelp = `
Each input becomes one line of JSON: {"index","input","uri","status","error","response"}. The line
of a document (PDF, TIFF, GIF) holds "pages" instead, each with "page", "status" and its "response"
or "error". The status is succeeded, partial, failed, missing or notSubmitted.`;

/** The commands of `vision-batch`; each is loaded when it is called. */
export function createProgram(host: ProgramHost): Command {
  const program = new Command("vision-batch")
    .description("Annotate images and documents with Google Cloud Vision, in offline batches.")
    .version(packageVersion())
    .addHelpText("after", programHelp)
    .addHelpText("afterAll", exitCodeHelp)
    .configureHelp(helpFormat)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.streams.stdout.write(text),
      // Arguments stand in it, and shells make them of file names.
      writeErr: (text) => void host.streams.stderr.write(escapeLines(text)),
    });
  addAnnotate(program, host);
  addSubmit(program, host);
  addRuns(program, host);
  addWorker(program, host);
  addOperationCommands(program, host);
  addResults(program, host);
  addReport(program, host);
  addEmulator(program, host);
  addCompletion(program, host);
  return program;
}

const stagedInputs = "<output>/inputs/";

function addAnnotate(program: Command, { streams, onExitCode }: ProgramHost): void {
  const command = program
    .command("annotate")
    .description("submit inputs, wait, and write one record for each")
    .argument("[INPUT...]", inputHelp(stagedInputs));
  addLeaseOption(addSettingOptions(addEmbeddedEmulatorOptions(addJobOptions(command))))
    .addOption(outputOption())
    .addOption(interruptOption())
    .addHelpText("after", recordHelp)
    .action(async (inputs: string[]) => {
      const { annotate } = await import("./commands/annotate.ts");
      onExitCode(await annotate(inputs, command.opts(), streams));
    });
  addExamples(command, [
    "annotate -f TEXT_DETECTION -o gs://results/ --emulator scans/ > records.ndjson",
    "annotate -f TEXT_DETECTION -o gs://bucket/out/ 'gs://bucket/*.pdf' --out out.ndjson",
  ]);
}

function addSubmit(program: Command, { streams, onExitCode }: ProgramHost): void {
  const command = program
    .command("submit")
    .description(
      "submit inputs and print a token for each operation as it is accepted, without waiting",
    )
    .argument("[INPUT...]", inputHelp(stagedInputs));
  addJobOptions(command)
    // Known, so that it can be said why there is none.
    .addOption(new Option("--emulator").hideHelp())
    .action(async (inputs: string[]) => {
      const { submit } = await import("./commands/submit.ts");
      onExitCode(await submit(inputs, command.opts(), streams));
    });
  addExamples(command, [
    "submit -f LABEL_DETECTION:5 -o gs://bucket/out/ gs://bucket/in/ > tokens.ndjson",
    "wait - < tokens.ndjson && vision-batch results gs://bucket/out/ > records.ndjson",
  ]);
}

const operationHelp = "names or tokens of operations; - reads them from stdin, one a line";

function addOperationCommands(program: Command, { streams, onExitCode }: ProgramHost): void {
  const status = program
    .command("status")
    .description("read operations once and print a line of JSON of each")
    .argument("<OPERATION...>", operationHelp);
  addConnectionOptions(status).action(async (references: string[]) => {
    const command = await import("./commands/status.ts");
    onExitCode(await command.status(references, status.opts(), streams));
  });
  const wait = program
    .command("wait")
    .description("wait for operations and print a line of JSON as each ends")
    .argument("<OPERATION...>", operationHelp)
    .option("--timeout <SECONDS>", "how long to wait at most (default: no limit)");
  addConnectionOptions(wait).action(async (references: string[]) => {
    const command = await import("./commands/wait.ts");
    onExitCode(await command.wait(references, wait.opts(), streams));
  });
  const cancel = program
    .command("cancel")
    .description("ask the service to cancel operations and print what it answers")
    .argument("<OPERATION...>", operationHelp);
  addConnectionOptions(cancel).action(async (references: string[]) => {
    const command = await import("./commands/cancel.ts");
    onExitCode(await command.cancel(references, cancel.opts(), streams));
  });
}

function addResults(program: Command, { streams, onExitCode }: ProgramHost): void {
  const command = program
    .command("results")
    .description("read the results at and below output prefixes")
    .argument("<PREFIX...>", "gs:// prefixes, as they were submitted or any that contain them");
  addFormatOptions(addConnectionOptions(command))
    .addOption(outputOption())
    .option("--quiet", "show no progress")
    .addHelpText("after", recordHelp)
    .action(async (prefixes: string[]) => {
      const { results } = await import("./commands/results.ts");
      onExitCode(await results(prefixes, command.opts(), streams));
    });
  addExamples(command, [
    "results gs://bucket/results/ > records.ndjson",
    "results gs://bucket/results/ --format pdf --out searchable.pdf",
  ]);
  const schema = program
    .command("bigquery-schema")
    .description("print the schema of the table for results --format bigquery, as bq load takes it")
    .addOption(versionOption())
    .action(async () => {
      const { printBigQuerySchema } = await import("./commands/bigquery-schema.ts");
      onExitCode(await printBigQuerySchema(schema.opts(), streams));
    });
}

const emulatorHelp = `
It prints a line of JSON with its addresses once it listens. Clients and commands find it by
VISION_EMULATOR_HOST (gRPC) and VISION_EMULATOR_HTTP (REST and storage).`;

function addEmulator(program: Command, { streams, onExitCode }: ProgramHost): void {
  const command = program
    .command("emulator")
    .description("serve the Vision API and Cloud Storage on this machine, until SIGTERM");
  addEmulatorCommandOptions(command)
    .addHelpText("after", emulatorHelp)
    .action(async () => {
      const { emulator } = await import("./commands/emulator.ts");
      onExitCode(await emulator(command.opts(), streams));
    });
  addExamples(command, [
    "emulator --directory buckets --grpc-port 9185 --http-port 9186",
    "emulator --faults faults.json --processing-ms 500",
  ]);
}
