import { Option, type Command } from "commander";
import { apiVersions } from "../protocol/api-version.ts";
import { featuresOfVersion } from "../protocol/features.ts";
import { locations } from "../protocol/limits.ts";
import type { TransportName } from "../protocol/method-table.ts";
import { exportFormats, readingOrders } from "./format-flags.ts";
import { inGroup } from "./help-format.ts";

/** The version of the API, of which a command says itself what it lacks. */
export function versionOption(): Option {
  return new Option("--api-version <VERSION>", "version of the API")
    .choices(apiVersions)
    .default("v1");
}

/** What the arguments of a command that takes inputs are. */
export function inputHelp(staging: string): string {
  return `gs:// URIs, gs:// globs and folders (ending in /), local files, globs and folders; local files are copied to ${staging}`;
}

/** The options of every command that talks to the service; the version may be known otherwise. */
export function addConnectionOptions(
  command: Command,
  { version = true }: { readonly version?: boolean } = {},
): Command {
  return inGroup(command, "Service options:", () => {
    if (version) command.addOption(versionOption());
    return command
      .addOption(transportOption())
      .option("--project <ID>", "project of the operations (default: that of the credentials)")
      .option(
        "--key-file <FILE>",
        "key of a service account (default: Application Default Credentials)",
      )
      .option(
        "--quota-project <ID>",
        "project that quota and billing count against (default: that of the credentials)",
      )
      .option("--endpoint <HOST[:PORT]>", "host to call (default: vision.googleapis.com)")
      .addOption(
        new Option("--location <LOCATION>", "where to process (default: anywhere)").choices(
          locations,
        ),
      )
      .option(
        "--opentelemetry",
        "tell spans and metrics to the OpenTelemetry SDK that NODE_OPTIONS=--import has set up",
      );
  });
}

function transportOption(): Option {
  const transports: readonly TransportName[] = ["grpc", "rest"];
  return new Option(
    "--transport <TRANSPORT>",
    "rest passes HTTP proxies, and has methods of v1p1beta1 and v1p2beta1 that gRPC lacks",
  )
    .choices(transports)
    .default("grpc");
}

/** The features that there are, in lines as wide as the rest of the help. */
function featureLines(): string {
  const lines: string[] = [];
  for (const feature of featuresOfVersion.v1) {
    const longer = `${lines.at(-1) ?? " "} ${feature}`;
    if (lines.length > 0 && longer.length <= 80) lines[lines.length - 1] = longer;
    else lines.push(`  ${feature}`);
  }
  return `\nFeatures (the beta versions have fewer):\n${lines.join("\n")}`;
}

/** The options of every command that takes inputs. */
export function addJobOptions(command: Command): Command {
  return addConnectionOptions(
    command
      .requiredOption(
        "-f, --features <LIST>",
        "features, separated by commas, e.g. TEXT_DETECTION,LABEL_DETECTION:10 (at most 10 labels)",
      )
      .requiredOption("-o, --output <PREFIX>", "where results go, gs://bucket/prefix/")
      .option(
        "--from <FILE>",
        "further inputs, one a line, taken literally; - reads them from stdin",
      )
      .option("--images", "take every input for an image, without looking at it")
      .option(
        "--by-name",
        "tell images and documents apart by their names, without looking at them",
      )
      .option(
        "--language-hints <LIST>",
        "languages of the text, separated by commas, e.g. en,th (default: they are detected)",
      )
      .option("--batch-size <N>", "responses in one result file, 1 to 100 (default: 20)")
      .option(
        "--label <KEY=VALUE>",
        "label of the requests (v1 only); may be given several times",
        (label: string, before: readonly string[] | undefined) => [...(before ?? []), label],
      )
      .option("--run-id <ID>", "name of the folder below the output (default: from the time)")
      .option("--quiet", "show no progress"),
  ).addHelpText("after", featureLines);
}

/** How a process works on a run beside others. */
export function addLeaseOption(command: Command): Command {
  return command.option(
    "--lease <SECONDS>",
    "how long nobody else takes over what this process was working on when it was killed (default: 30)",
  );
}

/** The options of a run that may change when it is resumed. */
export function addSettingOptions(command: Command): Command {
  return inGroup(command, "Limits, and submits of unknown fate:", () =>
    command
      .option("--max-images <N>", "images in processing at a time (default: 8000)")
      .option("--max-files <N>", "documents in processing at a time (default: 400)")
      .option("--requests-per-minute <N>", "submits a minute (default: 1800)")
      .addOption(
        new Option(
          "--on-unknown-submit <WHAT>",
          "what becomes of a request that may have been accepted and is not found again; resubmit may be billed twice (default: wait, for a person's decision)",
        ).choices(["wait", "fail", "resubmit"]),
      )
      .option("--quarantine <MINUTES>", "how long it is looked for (default: 1440, a day)"),
  );
}

/** The options of `annotate`, whose whole job an emulator may serve. */
export function addEmbeddedEmulatorOptions(command: Command): Command {
  return inGroup(command, "Emulator options:", () =>
    command
      .option("--emulator", "start an emulator in this process and use it")
      .addOption(
        new Option(
          "--emulator-dir <FOLDER>",
          "its buckets, a folder each; implies --emulator (default: a temporary folder)",
        ).implies({ emulator: true }),
      )
      .addOption(
        new Option(
          "--emulator-recorded <FOLDER>",
          "recorded responses for what it cannot work out; implies --emulator (default: none)",
        ).implies({ emulator: true }),
      ),
  );
}

/** Where `annotate` and `results` write. */
export function outputOption(): Option {
  return new Option(
    "--out <FILE>",
    "write records to a file, which appears when it is complete (default: to stdout)",
  );
}

/** What Ctrl-C does to running operations. */
export function interruptOption(): Option {
  return new Option(
    "--on-interrupt <WHAT>",
    "what Ctrl-C does with running operations (default: it asks on a terminal, else leave)",
  ).choices(["leave", "cancel"]);
}

/** The forms that `results` writes, and their options. */
export function addFormatOptions(command: Command): Command {
  return inGroup(command, "Format options:", addFormats);
}

function addFormats(command: Command): Command {
  return command
    .addOption(
      new Option("--format <FORMAT>", "form of the output")
        .choices(["ndjson", ...exportFormats])
        .default("ndjson"),
    )
    .addOption(
      new Option(
        "--reading-order <ORDER>",
        "text, markdown, hocr, alto: the order of the service, or column by column (default: detected)",
      ).choices(readingOrders),
    )
    .option(
      "--scale <FACTOR>",
      "hocr, alto: what places are multiplied by; 300/72 fits PDF files to images of 300 dpi (default: 1)",
    )
    .option("--dpi <N>", "pdf: pixels of images for each inch of their page (default: 300)")
    .option(
      "--formula-guard",
      "csv: put an apostrophe before text that a spreadsheet would take for a formula",
    );
}

/** The options of `vision-batch emulator`. */
export function addEmulatorCommandOptions(command: Command): Command {
  return command
    .option("--grpc-port <PORT>", "port of gRPC (default: any free one)")
    .option("--http-port <PORT>", "port of REST, storage and admin (default: any free one)")
    .option("--host <ADDRESS>", "address to listen at (default: 127.0.0.1)")
    .option("--directory <FOLDER>", "buckets, a folder each (default: a temporary folder)")
    .option("--recorded <FOLDER>", "recorded responses (default: none)")
    .addOption(
      new Option(
        "--recorded-for <WHAT>",
        "features that recorded responses answer: those that are not worked out here, or all (default: missing)",
      ).choices(["missing", "all"]),
    )
    .option("--faults <FILE>", "rules that make calls fail, as JSON (default: none)")
    .option("--fault-seed <N>", "seed of rules with a probability (default: 1)")
    .option("--processing-ms <N>", "simulated work for an image or page, in ms (default: 0)")
    .option("--requests-per-minute <N>", "quota of submits (default: none)")
    .option("--images-in-processing <N>", "images in processing at a time (default: 8000)")
    .option(
      "--retention-ms <N>",
      "how long ended operations are known, in ms (default: 86400000, a day)",
    )
    .option("--image-timeout-ms <N>", "time limit for one image or page, in ms (default: 30000)")
    .option("--workers <N>", "threads that annotate (default: the cores less one)")
    .option("--project <ID>", "project of operations whose request names none (default: emulator)")
    .option("--no-cancel", "answer cancels with UNIMPLEMENTED, as the live service may")
    .option("--no-list", "answer lists with UNIMPLEMENTED")
    .option("--no-delete", "answer deletes with UNIMPLEMENTED")
    .option("--no-wait", "answer waits with UNIMPLEMENTED");
}
