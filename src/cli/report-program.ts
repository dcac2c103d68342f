import { Option, type Command } from "commander";
import { addConnectionOptions } from "./command-options.ts";
import { addExamples } from "./help-format.ts";
import type { ProgramHost } from "./program-host.ts";
import { defaultJournal } from "./run-commands.ts";

const help = `
A path that ends in .html becomes one file that holds everything, for sets that a browser can hold
(up to some hundred images with pictures); any other becomes a folder to open index.html of. Both
work from a disk, without a server or a network. Pictures need the package sharp, those of PDF pages
also @hyzyla/pdfium.`;

/** Adds `vision-batch report`, which is loaded when it is called. */
export function addReport(program: Command, { streams, onExitCode }: ProgramHost): void {
  const command = program
    .command("report")
    .description("write results as a page to look at: images, boxes, text, search, charts")
    .argument(
      "[SOURCE...]",
      "gs:// output prefixes, or files of NDJSON that annotate, results or runs results wrote; - reads one from stdin",
    )
    .requiredOption("--out <PATH>", "the folder, or the .html file, to write")
    .option("--run <ID>", "the results of a run of the journal, and how it went");
  addConnectionOptions(command)
    .addOption(
      new Option(
        "--journal <URL>",
        "where runs are kept: sqlite:FILE or postgres://USER@HOST/DATABASE",
      )
        .env("VISION_BATCH_JOURNAL")
        .default(defaultJournal),
    )
    .option("--prices <FILE>", "prices as JSON (default: Google's list prices)")
    .option("--title <TEXT>", "the title of the page (default: what it shows)")
    .option(
      "--image-folder <FOLDER>",
      "where images lie that the results name by a path (default: each is read from its URI)",
    )
    .option("--no-pictures", "show boxes and text only, and read no image")
    .option("--thumbnail <PIXELS>", "longer side of pictures in the list (default: 320)")
    .option(
      "--preview <PIXELS>",
      "longer side of the picture that is looked at closely, 0 for none (default: 1280)",
    )
    .option("--quiet", "show no progress")
    .addHelpText("after", help)
    .action(async (sources: string[]) => {
      const { report } = await import("./commands/report.ts");
      onExitCode(await report(sources, command.opts(), streams));
    });
  addExamples(command, [
    "report --run scans --out report/",
    "report records.ndjson --image-folder scans/ --out report.html",
  ]);
}
