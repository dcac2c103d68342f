import type { RecordOutput } from "./record-output.ts";
import type { Progress } from "./render/progress.ts";

/** An output on the screen that shows the progress: line by line, above it. */
export function aboveProgress(output: RecordOutput, progress: Progress): RecordOutput {
  const line: (string | Uint8Array)[] = [];
  return {
    ...output,
    write: async (content) => {
      line.push(content);
      const end = content.at(-1);
      if (end !== "\n" && end !== 10) return;
      const pieces = line.splice(0);
      await progress.above(async () => {
        for (const piece of pieces) await output.write(piece);
      });
    },
  };
}
