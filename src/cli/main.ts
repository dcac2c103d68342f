#!/usr/bin/env node
import { runCli } from "./run-cli.ts";

const { stdin, stdout, stderr } = process;
// A reader that left, as `| head` does, is no failure.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 3);
});
// Whoever closed it does not want to be told; the records go on.
stderr.on("error", () => undefined);
process.exitCode = await runCli(process.argv.slice(2), { stdin, stdout, stderr });
