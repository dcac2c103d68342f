import { createInterface } from "node:readline/promises";
import type { LiveIo } from "./live-io.ts";

/** Asks yes or no on the terminal; the end of the input is a no. */
export async function ask({ stdin, stderr, signal }: LiveIo, question: string): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  lines.once("close", () => {
    resolve("");
  });
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
