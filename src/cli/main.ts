#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import { complaintOfNode } from "./oldest-node.ts";
import { endWithReader } from "./streams.ts";

const { stdin, stdout, stderr } = process;
stdout.on("error", endWithReader);
// Whoever closed it does not want to be told; the records go on.
stderr.on("error", () => undefined);
const complaint = complaintOfNode(process.versions.node);
if (complaint === undefined) {
  // Only now, for an old Node may fail at what is in there before it is told why.
  const { runCli } = await import("./run-cli.ts");
  process.exitCode = await runCli(process.argv.slice(2), { stdin, stdout, stderr });
} else {
  stderr.write(`${complaint}\n`);
  process.exitCode = exitCodes.usage;
}
