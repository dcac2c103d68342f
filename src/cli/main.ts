#!/usr/bin/env node
import { runCli } from "./run-cli.ts";
import { endWithReader } from "./streams.ts";

const { stdin, stdout, stderr } = process;
stdout.on("error", endWithReader);
// Whoever closed it does not want to be told; the records go on.
stderr.on("error", () => undefined);
process.exitCode = await runCli(process.argv.slice(2), { stdin, stdout, stderr });
