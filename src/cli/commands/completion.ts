import type { Command } from "commander";
import { bashCompletion } from "../completion/bash-completion.ts";
import { completionTree } from "../completion/completion-tree.ts";
import { fishCompletion } from "../completion/fish-completion.ts";
import { zshCompletion } from "../completion/zsh-completion.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Streams } from "../streams.ts";

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** A shell that completions are made for. */
export type Shell = keyof typeof scripts;

/** `vision-batch completion`: prints a script that completes the commands of a program. */
export function printCompletion(shell: Shell, program: Command, { stdout }: Streams): ExitCode {
  stdout.write(scripts[shell](completionTree(program)));
  return exitCodes.done;
}
