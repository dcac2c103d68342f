// Every method under every fault, against the emulator, over both transports: what the caller sees, how
// many calls reached the server and how many took effect. Fails where a promise is broken.
import { parseArgs } from "node:util";
import type { Cell, LeftOut } from "./faults/cell.ts";
import { breaksOf } from "./faults/invariants.ts";
import { runMatrix } from "./faults/matrix.ts";
import { renderMatrix } from "./faults/table.ts";

const usage = `npm run faults -- [--json] [--transport grpc|rest] [--method NAME]...

  --json            one JSON document: every cell with what is broken in it
  --transport NAME  only this one (default: both)
  --method NAME     only this one, e.g. AsyncBatchAnnotateImages; may be given again (default: all)
`;

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    transport: { type: "string" },
    method: { type: "string", multiple: true },
    help: { type: "boolean", default: false },
  },
});
const { transport } = values;
if (values.help) process.stdout.write(usage);
else if (transport === undefined || transport === "grpc" || transport === "rest") {
  process.exitCode = await main(transport);
} else {
  process.stderr.write(usage);
  process.exitCode = 2;
}

async function main(only: "grpc" | "rest" | undefined): Promise<number> {
  // No credentials are looked for on the way to an emulator, nor a server that has them.
  process.env["METADATA_SERVER_DETECTION"] = "none";
  const cells: Cell[] = [];
  const leftOut: LeftOut[] = [];
  const transports = only === undefined ? undefined : [only];
  for await (const each of runMatrix({ transports, methods: values.method })) {
    if ("why" in each) leftOut.push(each);
    else cells.push(each);
  }
  const broken = cells.filter((cell) => breaksOf(cell).length > 0).length;
  if (values.json) {
    const rows = cells.map((cell) => ({ ...cell, fault: faultJson(cell), breaks: breaksOf(cell) }));
    process.stdout.write(`${JSON.stringify({ cells: rows, leftOut, broken })}\n`);
  } else {
    process.stdout.write(`${renderMatrix(cells, leftOut)}\n\n`);
    process.stdout.write(`${cells.length} cells, ${broken} broken\n`);
  }
  return broken === 0 && cells.length > 0 ? 0 : 1;
}

function faultJson({ fault: { place, code } }: Cell): object {
  return code === undefined ? { place } : { place, code };
}
