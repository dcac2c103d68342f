import { Argument, type Command } from "commander";
import type { ProgramHost } from "./program-host.ts";

const help = `
To have them in every new shell:
  bash  echo 'eval "$(vision-batch completion bash)"' >> ~/.bashrc
  zsh   echo 'eval "$(vision-batch completion zsh)"' >> ~/.zshrc     (below compinit)
  fish  vision-batch completion fish > ~/.config/fish/completions/vision-batch.fish

Commands, options, their choices, files and folders are completed; run ids too, where the journal is
a file. Where vision-batch is not installed for all, give npx a name first:
  alias vision-batch='npx vision-batch'`;

/** Adds `vision-batch completion`, which is loaded when it is called. */
export function addCompletion(program: Command, { streams, onExitCode }: ProgramHost): void {
  program
    .command("completion")
    .description("print a script that lets a shell complete what is typed")
    .addArgument(new Argument("<SHELL>", "the shell it is for").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", help)
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { printCompletion } = await import("./commands/completion.ts");
      onExitCode(printCompletion(shell, program, streams));
    });
}
