import { PassThrough } from "node:stream";
import { CommanderError, type Command } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { ownCommands } from "./shell-commands.ts";

const journal = "VISION_BATCH_JOURNAL";

/** What the program says against the `vision-batch` commands of a shell script, without running them. */
export async function faultsOfCommands(script: string): Promise<readonly string[]> {
  // A script may name the journal by a variable, or read a file that does.
  if (!new RegExp(`${journal}=|^\\. `, "m").test(script)) return parseCommands(script);
  process.env[journal] = "postgres://127.0.0.1/runs";
  try {
    return await parseCommands(script);
  } finally {
    delete process.env[journal];
  }
}

async function parseCommands(script: string): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const args of ownCommands(script)) {
    const said = new PassThrough().setEncoding("utf8");
    const streams = { stdin: new PassThrough(), stdout: said, stderr: said };
    const program = createProgram({ streams, onExitCode: () => undefined });
    disarm(program);
    try {
      await program.parseAsync(args, { from: "user" });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      // It shows help that was asked for by an error too.
      if (error.exitCode === 0) continue;
      faults.push(`${args.join(" ")}: ${String(said.read() ?? "")}`);
    }
  }
  return faults;
}

/** Lets the commands of a program do nothing but look at their arguments. */
function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined);
  for (const each of command.commands) disarm(each);
}
