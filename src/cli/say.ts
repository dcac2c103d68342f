import { escapeForTerminal } from "./render/escape.ts";
import type { Streams } from "./streams.ts";

/** Says something to the user: a line on stderr. */
export function say({ stderr }: Pick<Streams, "stderr">, line: string): void {
  stderr.write(`${escapeForTerminal(line)}\n`);
}
