import type { Run } from "../../../runs/index.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { eventLine } from "../../render/run-events.ts";
import { escapeForTerminal, toSafeJson } from "../../render/escape.ts";
import { chunkLines } from "../../render/chunk-lines.ts";
import { inputLines } from "../../render/input-lines.ts";
import { runLines } from "../../render/run-lines.ts";
import { parseCount } from "../../run-flags.ts";
import { readChunkStory, readInputStory, readRunStory } from "../../run-story.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsOf } from "../../runs-session.ts";
import type { Streams } from "../../streams.ts";
import { UsageError } from "../../usage-error.ts";
import { hintsOf } from "./work-on-run.ts";

/** The options of `vision-batch runs show`. */
export interface ShowFlags extends RunsFlags {
  readonly chunk?: string;
  /** A number or what the input is called. */
  readonly input?: string;
  readonly events?: boolean;
  readonly json?: boolean;
}

/** `vision-batch runs show`: explains what happened to a run, a chunk or an input, and what it cost. */
export async function showRun(
  id: string,
  flags: ShowFlags,
  { stdout }: Streams,
): Promise<ExitCode> {
  if (flags.chunk !== undefined && flags.input !== undefined) {
    throw new UsageError("give --chunk or --input, not both");
  }
  await using session = await openRunsOf(id, flags);
  const print = (lines: readonly string[]): void => {
    for (const line of lines) stdout.write(`${escapeForTerminal(line)}\n`);
  };
  for await (const story of tell(session.run, flags)) {
    print(flags.json === true ? [toSafeJson(story.data)] : story.lines);
  }
  return exitCodes.done;
}

interface Told {
  readonly data: object;
  readonly lines: readonly string[];
}

async function* tell(run: Run, flags: ShowFlags): AsyncGenerator<Told> {
  const hints = hintsOf(run.id, flags);
  const { chunk, input } = flags;
  if (chunk !== undefined) {
    const data = await readChunkStory(run, parseCount("--chunk", chunk) ?? 0);
    yield { data, lines: chunkLines(data, hints) };
    return;
  }
  if (input !== undefined) {
    const data = await readInputStory(run, input);
    yield { data, lines: inputLines(data, hints) };
    return;
  }
  const data = await readRunStory(run);
  yield { data, lines: runLines(data, hints) };
  if (flags.events !== true) return;
  for await (const event of run.events()) yield { data: event, lines: [eventLine(event)] };
}
