import type { Writable } from "node:stream";
import { VisionBatchError } from "../../errors/index.ts";
import type { Logger } from "../../transport/index.ts";

/** The numbers of pino. */
const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;

/** A logger that writes a line of JSON for each message, as pino does; nothing is written below `info`. */
export function jsonLogger(output: Pick<Writable, "write">): Logger {
  const write =
    (level: keyof typeof levels) =>
    (fields: object, msg: string): void => {
      const line = { level: levels[level], time: Date.now(), pid: process.pid, ...fields, msg };
      output.write(`${JSON.stringify(line, plain)}\n`);
    };
  return {
    ...{ debug: () => undefined, info: write("info") },
    ...{ warn: write("warn"), error: write("error") },
  };
}

/** Errors have no JSON of their own, but for ours. */
function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error) || value instanceof VisionBatchError) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, cause };
}
